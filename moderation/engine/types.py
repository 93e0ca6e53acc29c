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
)


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

    `labels` maps every label that was signalled to its highest score. `support` names the cards of
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


class Detector(Protocol):
    """One piece of the engine that reads text. No I/O, no clock, no randomness after start-up."""

    name: str
    labels: tuple[str, ...]

    def detect(self, batch: "Sequence[Reading]") -> "list[list[Signal]]":
        """The signals of each reading, in order: a list as long as the batch."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft with its normalised text; `offsets[i]` is where character i stood in draft.text.

    `offsets` has one more entry than `plain`, for the end of the text.
    """

    draft: Draft
    plain: str
    offsets: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The range in the author's text that plain[start:end] came from."""
        return Span(self.offsets[start], max(self.offsets[end - 1] + 1, self.offsets[start]))
