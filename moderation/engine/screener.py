"""The engine: text in, verdicts out. Pure and deterministic; no I/O once it is made."""

import math
from collections.abc import Sequence

from moderation.engine import lexicon, policy
from moderation.engine.detectors.claims import Claims
from moderation.engine.detectors.flooding import Flooding
from moderation.engine.detectors.language import Languages
from moderation.engine.detectors.learned import Learned
from moderation.engine.detectors.links import Links
from moderation.engine.detectors.personal_information import PersonalInformation
from moderation.engine.detectors.phrases import Phrases
from moderation.engine.policy import Policy
from moderation.engine.text import read
from moderation.engine.types import LABELS, Correction, Detector, Draft, Reading, Signal, Verdict

ENGINE_VERSION = "2"


class DetectorFault(RuntimeError):
    """A detector did not keep its contract. The text is not judged: the gate holds it."""


class Screener:
    """Asks every detector about every text, then decides. A detector that throws is not caught."""

    def __init__(
        self,
        detectors: Sequence[Detector],
        rules: Policy,
        corrections: dict[str, Correction] | None = None,
    ) -> None:
        self._detectors = tuple(detectors)
        self._policy = rules
        self._corrections = corrections or {}
        self.version = f"engine {ENGINE_VERSION}, policy {rules.version}"

    @classmethod
    def load(cls, rules: Policy | None = None, *, with_model: bool = False) -> "Screener":
        """The engine with the project's own data, and its own policy if none is given.

        Raises LexiconError, PolicyError or ModelError when any of it is wrong. The trained model is
        measured (evaluate --with-model) and not in force: at a price that a room can bear it finds
        too little yet (docs/model-card.md).
        """
        lists = lexicon.macros()
        public = lexicon.read_toml(lexicon.FOLDER / "public.toml")
        claims = Claims()
        detectors: list[Detector] = [
            # life at risk
            Phrases("crisis", lists),
            Phrases("overdose", lists),
            Phrases("withdrawal", lists),
            # harm to a person
            Phrases("threat", lists),
            Phrases("sourcing", lists),
            Phrases("instructions", lists),
            Phrases("contact", lists),
            PersonalInformation(frozenset(public["numbers"].split())),
            claims,
            Phrases("misinformation", lists),
            # harm to the room
            Phrases("attack", lists),
            Phrases("stigma", lists),
            Phrases("selling", lists),
            Links(frozenset(public["hosts"].split())),
            Flooding(),
            # not harm: for the author's private card, and for content notes
            Phrases("relapse", lists),
            # what none of them can judge
            Languages(),
        ]
        if with_model:
            detectors.append(Learned(claims))
        corrections = {key: claim.correction for key, claim in claims.claims.items()}
        return cls(detectors, rules or policy.load(), corrections)

    def screen(self, batch: Sequence[Draft]) -> list[Verdict]:
        """One verdict for each draft, in order."""
        readings = [read(draft) for draft in batch]
        signals: list[list[Signal]] = [[] for _ in readings]
        for detector in self._detectors:
            for found, own in zip(signals, self._asked(detector, readings), strict=True):
                found.extend(own)
        return [
            policy.decide(self._policy, draft, found, self._corrections)
            for draft, found in zip(batch, signals, strict=True)
        ]

    @staticmethod
    def _asked(detector: Detector, readings: Sequence[Reading]) -> list[list[Signal]]:
        answer = detector.detect(readings)
        if len(answer) != len(readings):
            raise DetectorFault(f"{detector.name} gave {len(answer)} answers to {len(readings)}.")
        for found in answer:
            for signal in found:
                _check(detector, signal)
        return answer


def _check(detector: Detector, signal: Signal) -> None:
    if signal.label not in LABELS or signal.label not in detector.labels:
        raise DetectorFault(f"{detector.name} gave {signal.label!r}, not a label of its own.")
    if math.isnan(signal.score) or not 0 <= signal.score <= 1:
        raise DetectorFault(f"{detector.name} gave a score that is no probability.")
