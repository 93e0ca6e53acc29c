"""Crisis lines by country: reference data, checked when it is loaded."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "crisis_lines.json"
NOTES_FILE = Path(__file__).parent / "data" / "notes.toml"
UNSURE = "(recalled)"  # the file's mark for a detail that nobody has confirmed
MOST_ON_A_CARD = 3
# The emergency number stands first, outside this order.
KINDS = (
    "suicide_crisis",
    "emotional",
    "alcohol_drugs",
    "overdose_safety",
    "family",
    "youth",
    "violence",
    "poison",
)


class LinesError(ValueError):
    """The data file can't be used; the message names the entry."""


@dataclass(frozen=True, slots=True)
class Line:
    """One service. `number` is what is read, "A or B" where there are two, `tel` what its first one
    is dialled as, `text` a literal instruction; hours always stand."""

    name: str
    kind: str
    number: str
    tel: str
    text: str
    hours: str
    languages: str
    audience: str
    cost: str
    url: str
    note: str

    @property
    def numbers(self) -> list[dict[str, str]]:
        """Every number on its own, as read and as dialled; none where one only texts."""
        if not self.tel:
            return []
        first, *others = self.number.split(" or ")
        dialled = [self.tel, *(re.sub(r"[^\d+]", "", number) for number in others)]
        return [
            {"number": number, "tel": tel}
            for number, tel in zip([first, *others], dialled, strict=True)
        ]

    def as_frame(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "numbers": self.numbers,
            "text": self.text,
            "hours": self.hours,
            "cost": self.cost,
        }


@dataclass(frozen=True, slots=True)
class Country:
    iso: str
    name: str
    emergency: tuple[str, ...]  # numbers to dial, the best one first
    emergency_besides: tuple[str, ...]  # other ways, in words, such as a text for deaf people
    note: str
    lines: tuple[Line, ...]

    def of_kinds(self, kinds: Sequence[str]) -> list[Line]:
        """Its shown lines of these kinds, in the order of the kinds; for everyone before others."""
        chosen = [line for line in self.lines if line.kind in kinds]
        return sorted(
            chosen, key=lambda line: (kinds.index(line.kind), line.audience != "everyone")
        )


@dataclass(frozen=True, slots=True)
class Directory:
    """Where to find lines of a country that we don't know."""

    name: str
    url: str


def countries() -> Sequence[Country]:
    """Every country, by name."""
    return _data()[0]


def everywhere() -> Sequence[Directory]:
    return _data()[1]


def country(iso: str | None) -> Country | None:
    return next((c for c in countries() if c.iso == (iso or "").upper()), None)


def card_lines(iso: str | None, kinds: Sequence[str]) -> list[Line]:
    """At most three lines for a card, one of each kind first; none for an unknown country."""
    found = country(iso)
    every = found.of_kinds(kinds) if found else []
    first_of_kind = list({line.kind: line for line in reversed(every)}.values())[::-1]
    others = [line for line in every if line not in first_of_kind]
    return [*first_of_kind, *others][:MOST_ON_A_CARD]


Notes = dict[tuple[str, str], str]  # by country and line; the line is empty for the country's own


@lru_cache(maxsize=1)
def _data() -> tuple[Sequence[Country], Sequence[Directory]]:
    data = json.loads(FILE.read_text(encoding="utf-8"))
    notes = read_notes(tomllib.loads(NOTES_FILE.read_text(encoding="utf-8")))
    found = read_countries(data["countries"], notes)
    directories = [
        Directory(entry["name"], entry["url"])
        for entry in data["everywhere"]
        if entry["url"] and entry["checked"] != "recalled"
    ]
    return found, directories


def read_notes(data: Mapping[str, Any]) -> Notes:
    return {(note["country"], note.get("line", "")): note["text"] for note in data["note"]}


def read_countries(entries: Sequence[Mapping[str, Any]], notes: Notes) -> list[Country]:
    """The countries by name, with what is shown by default; LinesError names a bad entry."""
    found = [_country(entry, notes) for entry in entries]
    known = {(c.iso, name) for c in found for name in ("", *(line.name for line in c.lines))}
    if lost := set(notes) - known:
        raise LinesError(f"{' '.join(min(lost))}: a note for a line that is not shown.")
    return sorted(found, key=lambda c: c.name)


def _country(entry: Mapping[str, Any], notes: Notes) -> Country:
    iso = entry["iso"]
    shown = [line for line in entry["lines"] if line["shown_by_default"]]
    dialled = tuple(number for number in entry["emergency"] if number.isdecimal())
    if not dialled:
        raise LinesError(f"{iso}: has no emergency number that can be dialled.")
    return Country(
        iso,
        entry["country"],
        dialled,
        tuple(way for way in entry["emergency"] if way not in dialled),
        notes.get((iso, ""), ""),
        tuple(_line(iso, line, notes.get((iso, line["name"]), "")) for line in shown),
    )


def _line(iso: str, entry: Mapping[str, Any], note: str) -> Line:
    _check(iso, entry)
    own = {name: entry[name] for name in Line.__dataclass_fields__ if name != "note"}
    own["text"] = "" if UNSURE in own["text"] else own["text"]
    own["hours"] = own["hours"].replace(UNSURE, "(please check)")
    return Line(**own, note=note)


def _check(iso: str, entry: Mapping[str, Any]) -> None:
    if not entry["verified"]:
        raise LinesError(f"{iso}, {entry['name']}: is shown although nobody verified it.")
    if not entry["hours"]:
        raise LinesError(f"{iso}, {entry['name']}: a line is never shown without its hours.")
    if entry["kind"] not in KINDS:
        raise LinesError(f"{iso}, {entry['name']}: unknown kind {entry['kind']!r}.")
    if not (entry["tel"] or entry["text"]):
        raise LinesError(f"{iso}, {entry['name']}: can be neither called nor texted.")
