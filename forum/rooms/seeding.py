"""Puts the catalogue of rooms into the database, from a checked data file."""

import tomllib
from pathlib import Path
from typing import Any

from forum.rooms import catalogue
from forum.rooms.models import Room

FILE = Path(__file__).parent / "seed" / "catalogue.toml"
NEEDED = tuple(
    "purpose who_for expect guidelines what_it_is_not schedule roles confidentiality".split()
)
CHARTER = (*NEEDED, "not_for", "medication", "independence", "independence_link")
OWN = tuple("slug name summary approach audience topics preset join_mode language".split())
MOST_GUIDELINES = 8


class SeedError(ValueError):
    """The file names a room that can't be made; the message says which and why."""


def read(path: Path = FILE) -> list[dict[str, Any]]:
    """The rooms of the file, with the shared parts of their charters filled in."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    found = [{**data.get("shared", {}), **room} for room in data["room"]]
    for room in found:
        _check(room)
    return found


def _check(room: dict[str, Any]) -> None:
    name = room.get("slug", "a room without slug")
    if unknown := set(room) - {*CHARTER, *OWN}:
        raise SeedError(f"{name}: unknown key {sorted(unknown)[0]!r}.")
    if lacking := [key for key in (*OWN[:7], *NEEDED) if not room.get(key)]:
        raise SeedError(f"{name}: lacks {lacking[0]!r}.")
    if room["approach"] not in catalogue.APPROACHES:
        raise SeedError(f"{name}: unknown approach {room['approach']!r}.")
    for key, known in (("audience", catalogue.AUDIENCES), ("topics", catalogue.TOPICS)):
        if wrong := [word for word in room[key] if word not in known]:
            raise SeedError(f"{name}: unknown {key} {wrong[0]!r}.")
    if len(room["guidelines"]) > MOST_GUIDELINES:
        raise SeedError(f"{name}: more than {MOST_GUIDELINES} guidelines; nobody reads them.")


def seed_rooms() -> int:
    """Make the rooms that are not there; how many were new. What an operator changed stays."""
    made = 0
    for position, room in enumerate(read(), 1):
        fields = {key: room[key] for key in OWN if key in room and key != "slug"}
        charter = {key: room[key] for key in CHARTER if room.get(key)}
        made += Room.objects.get_or_create(
            slug=room["slug"], defaults={**fields, "charter": charter, "position": position}
        )[1]
    return made
