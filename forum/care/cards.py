"""Support cards: what somebody is shown, privately, when their words are heavy.

The wording follows the usual guidance for online communities (Samaritans 2020, NSPA and Mind):
short and calm, no promise of what will happen, one next step. Facts: WHO and SAMHSA overdose
response (call, naloxone, breathe, recovery position, stay).
"""

from dataclasses import dataclass
from typing import Any

from forum.care import lines
from forum.care.lines import Line

TALK = ("suicide_crisis", "emotional", "alcohol_drugs")
DRUGS = ("alcohol_drugs", "overdose_safety", "emotional")


@dataclass(frozen=True, slots=True)
class SupportCard:
    """A card for one person: words, steps to take now, and lines of the country they chose."""

    name: str
    title: str
    text: tuple[str, ...]
    steps: tuple[str, ...]
    before_lines: str
    emergency: tuple[str, ...]
    lines: tuple[Line, ...]

    def as_frame(self) -> dict[str, Any]:
        """For pages and scripts; with `countries` to choose from when no country is known."""
        unknown = not self.emergency
        return {
            "card": self.name,
            "title": self.title,
            "text": list(self.text),
            "steps": list(self.steps),
            "before_lines": self.before_lines,
            "emergency": list(self.emergency),
            "lines": [line.as_frame() for line in self.lines],
            "countries": [[c.iso, c.name] for c in lines.countries()] if unknown else [],
        }


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    text: tuple[str, ...]
    steps: tuple[str, ...] = ()
    kinds: tuple[str, ...] = TALK
    before_lines: str = "People you can talk to:"


_CARDS = {
    "crisis": _Words(
        "You matter here",
        (
            "Thank you for saying it. You can go on writing here; nobody is in trouble for that.",
            "If you might act on it now, call {emergency} or go to somebody who can stay with you.",
        ),
        before_lines="To talk with a person right now, these lines are for exactly this:",
    ),
    "overdose": _Words(
        "If somebody has taken too much: now",
        ("Do these in order. You don't have to be sure.",),
        (
            "Call {emergency} and say: not waking up, not breathing well.",
            "Give naloxone if there is any; again after two to three minutes if nothing changes.",
            "Tilt the head back, lift the chin, and give one breath every five seconds.",
            "Breathing again: roll them onto their side.",
            "Stay until help is there. It can come back when naloxone wears off.",
        ),
        DRUGS,
    ),
    "withdrawal": _Words(
        "Stopping suddenly can be dangerous",
        (
            "After heavy daily use of alcohol, benzos or GHB the body may not manage a sudden stop."
            " A doctor or clinic can make it safe, and it is all right to ask.",
            "Hard shaking, a fit, seeing or hearing things, confusion, fever: call {emergency} now"
            " and don't stay alone.",
        ),
        kinds=("alcohol_drugs", "emotional", "suicide_crisis"),
    ),
    "relapse": _Words(
        "Thank you for telling us",
        (
            "Your days count; they did not vanish. Many people here have stood where you stand.",
            "Your body is no longer used to it. If you use again: less than before, not alone, with"
            " naloxone close.",
            "Would some company help right now? The room is open.",
        ),
        kinds=("alcohol_drugs", "emotional", "suicide_crisis"),
    ),
    "cravings": _Words(
        "A craving rises, peaks and passes",
        (
            "Most are over within half an hour, also the ones that feel endless.",
            "Put distance between you and it: another room, a walk, a shower, something to eat.",
            "Say it to one person now, here or by phone.",
        ),
        kinds=("alcohol_drugs", "emotional", "suicide_crisis"),
    ),
}
NAMES = tuple(_CARDS)
NO_LINES = "Whom to call or text, by country:"


def card(name: str, iso: str | None) -> SupportCard:
    """The card of this name with lines of the country; KeyError for a name that is not in NAMES."""
    words = _CARDS[name]
    found = lines.country(iso)
    emergency = found.emergency if found else ()
    named = _spoken(emergency)
    shown = tuple(lines.card_lines(iso, words.kinds))
    return SupportCard(
        name=name,
        title=words.title,
        text=tuple(part.format(emergency=named) for part in words.text),
        steps=tuple(step.format(emergency=named) for step in words.steps),
        before_lines=words.before_lines if shown else NO_LINES,
        emergency=emergency,
        lines=shown,
    )


def _spoken(emergency: tuple[str, ...]) -> str:
    if not emergency:
        return "your emergency number (112 works in many countries)"
    return f"the emergency number ({' or '.join(emergency)})"
