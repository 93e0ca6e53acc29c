"""Crisis lines by country: reference data, checked when it is loaded."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "crisis_lines.json"
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
    """One service. `tel` is for tel: links, `text` a literal instruction; hours always stand."""

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

    def as_frame(self) -> dict[str, str]:
        return {
            "name": self.name,
            "number": self.number,
            "tel": self.tel,
            "text": self.text,
            "hours": self.hours,
            "cost": self.cost,
        }


@dataclass(frozen=True, slots=True)
class Country:
    iso: str
    name: str
    emergency: tuple[str, ...]
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
    note: str


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


@lru_cache(maxsize=1)
def _data() -> tuple[Sequence[Country], Sequence[Directory]]:
    data = json.loads(FILE.read_text(encoding="utf-8"))
    found = [_country(entry) for entry in data["countries"]]
    directories = [
        Directory(entry["name"], entry["url"], entry["note"])
        for entry in data["everywhere"]
        if entry["url"] and entry["checked"] != "recalled"
    ]
    return sorted(found, key=lambda c: c.name), directories


def _country(entry: dict[str, Any]) -> Country:
    lines = tuple(_line(entry["iso"], e) for e in entry["lines"] if e["shown_by_default"])
    return Country(entry["iso"], entry["country"], tuple(entry["emergency"]), entry["note"], lines)


def _line(iso: str, entry: dict[str, Any]) -> Line:
    if not entry["hours"]:
        raise LinesError(f"{iso}, {entry['name']}: a line is never shown without its hours.")
    if entry["kind"] not in KINDS:
        raise LinesError(f"{iso}, {entry['name']}: unknown kind {entry['kind']!r}.")
    if not (entry["number"] or entry["text"] or entry["url"]):
        raise LinesError(f"{iso}, {entry['name']}: has no number, text or address.")
    return Line(**{name: entry[name] for name in Line.__dataclass_fields__})
