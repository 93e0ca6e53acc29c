"""Builds what a moderator reads: the text with its evidence marked, and reasons in plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from moderation.models import Case, Evidence
from moderation.ports import Content

LABEL_WORDS = {
    "toxicity": "hurtful language",
    "severe_toxicity": "very hurtful language",
    "obscene": "swearing",
    "insult": "possible insult",
    "harassment": "attack on a member",
    "identity_attack": "attack on who people are",
    "threat": "threat",
    "crisis": "life in danger",
    "overdose": "possible overdose",
    "withdrawal_danger": "dangerous withdrawal",
    "sourcing": "offers or looks for drugs",
    "use_instructions": "instructions for use",
    "triggering_detail": "relapse or detail of use",
    "misinformation": "false and risky claim",
    "treatment_stigma": "shames treatment",
    "patient_brokering": "recruits for treatment",
    "spam": "advertising or links",
    "personal_information": "personal details",
    "predatory_contact": "contact outside the room",
    "sexual": "sexual advance",
    "proselytising": "presses a path on others",
    "disruption": "floods or disturbs the room",
    "not_assessed": "language that was not checked",
    # of cases that no detector brought here
    "unscreened": "not yet screened",
    "other": "something else",
    "removal": "author asks to remove it",
}
SOURCE_WORDS = {
    "engine": "when it was flagged",
    "report": "when it was reported",
    "unscreened": "when it came in, unscreened",
    "earlier": "before its author changed it or took it back",
}
LEVEL_WORDS = {
    "green": "no danger seen",
    "amber": "low in spirits",
    "red": "may think of dying",
    "crisis": "may be about to act",
}
WHENCE = {
    "report": "reported by a member",
    "appeal": "its author asks another moderator",
    "unscreened": "not screened yet",
}
SEVERITY_WORDS = {1: "life at risk", 2: "grave harm", 3: "harm to the room", 4: "friction"}


@dataclass(frozen=True, slots=True)
class PlainReason:
    """One signal for the page: what, why, how sure (0 to 100), from which detector."""

    label: str
    evidence: str
    percent: int
    detector: str
    level: str


def words(label: str) -> str:
    return LABEL_WORDS.get(label, label)


def reasons(signals: Iterable[dict[str, Any]]) -> list[PlainReason]:
    found = [
        PlainReason(
            label=words(s["label"]),
            evidence=s["evidence"],
            percent=round(s["score"] * 100),
            detector=s["detector"],
            level=LEVEL_WORDS.get(s["level"] or "", s["level"] or ""),
        )
        for s in signals
    ]
    return sorted(found, key=lambda reason: -reason.percent)


@dataclass(frozen=True, slots=True)
class Version:
    """The words of a content at one moment: since when, and marked where something was found."""

    words: str
    at: datetime | None
    title: str
    text: SafeString


def versions(kept: Sequence[Evidence], content: Content | None, case: Case) -> list[Version]:
    """What was written, as it was each time it came to the desk; and as it is now, where its author
    has changed it since."""
    found = [
        Version(
            SOURCE_WORDS[row.source],
            row.at,
            row.title,
            highlighted(row.text, row.signals, title=row.title),
        )
        for row in kept
    ]
    known = {(row.title, row.text) for row in kept}
    if content is not None and content.text and (content.title, content.text) not in known:
        marks = [] if kept else case.signals
        text = highlighted(content.text, marks, title=content.title)
        found.append(Version("now", None, content.title, text))
    return found


def state(content: Content | None) -> str:
    """Where the words are now."""
    if content is None:
        return "It is gone."
    if content.removed_by == "author":
        return "Its author took it back: nobody in the room sees it."
    return _STATES[content.status]


_STATES = {
    "published": "It is in the room now.",
    "held": "It is held: only its author sees it.",
    "nudged": "It was not sent: its author was asked about it first.",
    "blocked": "It was refused: only its author knows of it.",
    "removed": "A moderator removed it.",
}


def highlighted(text: str, signals: Iterable[dict[str, Any]], *, title: str = "") -> SafeString:
    """The text, escaped piece by piece, with <mark> around the evidence and <br> for line ends.

    A share was screened with its title, two line ends before the text: so its places are counted.
    """
    before = len(title) + 2 if title else 0
    found = [(start, end) for signal in signals for start, end in signal["spans"] if start >= 0]
    spans = _joined((max(start - before, 0), end - before) for start, end in found)
    parts, at = [], 0
    for start, end in spans:
        start, end = min(start, len(text)), min(end, len(text))
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts).replace("\n", "<br>"))  # noqa: S308 - each piece is escaped


def _joined(spans: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted((s, e) for s, e in spans if 0 <= s < e):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
