"""Finds what is said in known ways: one instance per file of phrase rules."""

from collections.abc import Mapping, Sequence

from moderation.engine import lexicon
from moderation.engine.lexicon import Phrase
from moderation.engine.types import Reading, Signal, Span


class Phrases:
    """Looks at a rule only when one of its words is in the text, so that most texts cost little."""

    def __init__(self, name: str, macros: Mapping[str, str]) -> None:
        self.name = name
        self._rules = lexicon.load(name, macros)
        self.labels = tuple(dict.fromkeys(rule.label for rule in self._rules))
        self._triggers = frozenset().union(*(rule.any for rule in self._rules))

    def detect(self, batch: Sequence[Reading]) -> list[list[Signal]]:
        return [self._signals(reading) for reading in batch]

    def _signals(self, reading: Reading) -> list[Signal]:
        present = reading.words & self._triggers
        if not present:
            return []
        found = []
        for rule in self._rules:
            if rule.any.isdisjoint(present):
                continue
            spans = tuple(
                reading.span(m.start(), m.end())
                for m in lexicon.matches(rule, reading)
                if m.end() > m.start()
            )
            if spans:
                found.append(self._signal(rule, spans))
        return found

    def _signal(self, rule: Phrase, spans: tuple[Span, ...]) -> Signal:
        return Signal(
            label=rule.label,
            score=rule.score,
            detector=self.name,
            spans=spans,
            evidence=rule.evidence,
            level=rule.level,
            claim=rule.claim,
            facts=rule.facts,
        )
