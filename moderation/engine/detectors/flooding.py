"""Too much, too fast, or the same again: judged from what the author wrote shortly before."""

import re
from collections.abc import Sequence

from moderation.engine.types import Draft, Reading, Signal

BURST, BURST_SECONDS = 12, 30.0
REPEATS, REPEAT_SECONDS = 2, 300.0
LEAST_LENGTH = 12  # "thank you" may be said as often as one likes
_SAME_CHARACTER = re.compile(r"(\S)\1{39}")
_SPACES = re.compile(r"\W+")


class Flooding:
    name = "flooding"
    labels: tuple[str, ...] = ("disruption",)

    def detect(self, batch: Sequence[Reading]) -> list[list[Signal]]:
        return [self._signals(reading) for reading in batch]

    def _signals(self, reading: Reading) -> list[Signal]:
        draft = reading.draft
        if draft.exempt_from_flooding:
            return []
        found = []
        if sum(e.seconds_ago <= BURST_SECONDS for e in draft.history) >= BURST:
            found.append(_signal(0.9, "many messages within seconds", "burst"))
        if _repeats(draft) >= REPEATS:
            found.append(_signal(0.9, "the same text several times", "repeat"))
        if _SAME_CHARACTER.search(draft.text) or _is_mostly_signs(draft.text):
            found.append(_signal(0.75, "a wall of signs", "wall"))
        return found


def _signal(score: float, evidence: str, kind: str) -> Signal:
    return Signal("disruption", score, "flooding", (), evidence, facts={"kind": kind})


def _repeats(draft: Draft) -> int:
    text = _SPACES.sub("", draft.text.casefold())
    if len(text) < LEAST_LENGTH or not draft.history:
        return 0
    recent = (e.text for e in draft.history if e.seconds_ago <= REPEAT_SECONDS)
    return sum(_SPACES.sub("", earlier.casefold()) == text for earlier in recent)


def _is_mostly_signs(text: str) -> bool:
    """Two hundred signs or more with hardly a letter among them."""
    if len(text) < 200:
        return False
    return sum(map(str.isalnum, text)) * 5 < len(text)
