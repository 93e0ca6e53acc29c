"""What goes into the engine and what comes out: plain frozen values, no Django, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

LABELS = (
    "toxicity",
    "severe_toxicity",
    "obscene",
    "insult",
    "harassment",
    "identity_attack",
    "threat",
    "crisis",
    "overdose",
    "withdrawal_danger",
    "sourcing",
    "use_instructions",
    "triggering_detail",
    "misinformation",
    "treatment_stigma",
    "patient_brokering",
    "spam",
    "personal_information",
    "predatory_contact",
    "sexual",
    "proselytising",
    "disruption",
    "not_assessed",
)


# The detector whose scores are probabilities; the others have the fixed scores of their lists.
LEARNED = "learned"


class Action(StrEnum):
    """What the gate does with a text, from the mildest to the gravest."""

    ALLOW = "allow"
    SUPPORT = "support"
    NOTE = "note"
    NUDGE = "nudge"
    HOLD = "hold"
    BLOCK = "block"


class Standing(StrEnum):
    """How well a room knows an author."""

    NEW = "new"
    REGULAR = "regular"
    TRUSTED = "trusted"


class CrisisLevel(StrEnum):
    """ReachOut triage levels (CLPsych 2016 shared task)."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    CRISIS = "crisis"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A text that the same author wrote shortly before, for flooding and repeats."""

    text: str
    seconds_ago: float


@dataclass(frozen=True, slots=True)
class Draft:
    """One text to be screened, with the little context that detectors may use.

    `nudged` is true when the author was already asked once about this text and sends it anyway.
    `exempt_from_flooding` is for load tests only.
    """

    text: str
    preset: str = "standard"
    standing: Standing = Standing.REGULAR
    history: Sequence[Earlier] = ()
    nudged: bool = False
    exempt_from_flooding: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range [start, end) of characters in the text as the author wrote it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Signal:
    """What one detector found: a label with a probability in [0, 1], where, and why in plain words.

    `level` is set for crisis only; `claim` names an entry of the claim base; `facts` are small
    values that rules may ask for (for example {"whose": "other"} or {"asserted": "advice"}).
    """

    label: str
    score: float
    detector: str
    spans: tuple[Span, ...] = ()
    evidence: str = ""
    level: CrisisLevel | None = None
    claim: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, for the author: the label and one plain sentence."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What is attached to a message that repeats a claim of the base."""

    claim: str
    text: str
    sources: tuple[tuple[str, str], ...]  # (organisation and title, address)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one text.

    `labels` maps every label that was signalled to its highest score; `taken` names those that a
    rule acted on, the gravest first. `support` names the cards of
    the author's private support ("crisis", "overdose", "withdrawal", "relapse", "cravings").
    `severity` is 1 (life at risk now) to 4 (friction), 0 when no case is due. `suggested` is the
    same text with personal details blanked, when the author is asked about them.
    """

    action: Action
    rule: str
    policy: str
    labels: Mapping[str, float] = field(default_factory=dict)
    signals: tuple[Signal, ...] = ()
    reasons: tuple[Reason, ...] = ()
    spans: tuple[Span, ...] = ()
    support: tuple[str, ...] = ()
    severity: int = 0
    content_note: str | None = None
    correction: Correction | None = None
    suggested: str | None = None
    crisis_level: CrisisLevel | None = None
    taken: tuple[str, ...] = ()


class Detector(Protocol):
    """One piece of the engine that reads text. No I/O, no clock, no randomness after start-up."""

    name: str
    labels: tuple[str, ...]

    def detect(self, batch: "Sequence[Reading]") -> "list[list[Signal]]":
        """The signals of each reading, in order: a list as long as the batch."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft as the detectors read it.

    `plain` is the text without tricks of encoding: compatibility forms, look-alike letters,
    invisible and direction characters, accents, upper case. `folded` also undoes tricks of
    spelling: l33t, s p a c e d letters, streeetched words. The offsets lead from a character of
    each back to the author's text and have one more entry, for its end. `words` are the words of
    `folded`.
    """

    draft: Draft
    plain: str
    offsets: Sequence[int]
    folded: str
    folded_offsets: Sequence[int]
    words: frozenset[str]

    def span(self, start: int, end: int) -> Span:
        """Where folded[start:end] stands in the author's text."""
        return _span(self.folded_offsets, start, end)

    def plain_span(self, start: int, end: int) -> Span:
        """Where plain[start:end] stands in the author's text."""
        return _span(self.offsets, start, end)


def _span(offsets: Sequence[int], start: int, end: int) -> Span:
    return Span(offsets[start], max(offsets[end - 1] + 1, offsets[start]))
