"""A very cheap first look: which texts are clearly nothing, so that most cost almost nothing.

A linear model over words and pairs of words, taught by the encoder which texts it would find
nothing in. A text passes when that is very likely and its words are known; others are read whole.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[^\w\s]")
UNKNOWN = "<unknown>"
MOST_WORDS = 60  # a longer text has more room for something than words alone can tell


class Sieve:
    """Loads sieve.npz: words, their weights (natural log odds) and the line for passing."""

    def __init__(self, path: Path) -> None:
        data = np.load(path, allow_pickle=False)
        words = str(data["words"]).split("\n")
        weights = data["weights"].astype(float) * float(data["scale"])
        self._weights = dict(zip(words, weights.tolist(), strict=True))
        self._unknown = self._weights.pop(UNKNOWN)
        self._bias = float(data["bias"])
        self._line = float(data["line"])
        self._most_unknown = float(data["most_unknown"])

    def passes(self, text: str) -> bool:
        """Whether nothing would be found in the text (as the engine reads it: folded)."""
        words = tokens(text)
        if not words or len(words) > MOST_WORDS:
            return not words
        odds, unknown = self._odds(words)
        return odds < self._line and unknown <= self._most_unknown * len(words)

    def odds(self, text: str) -> float:
        """The log odds that the encoder would find something."""
        return self._odds(tokens(text))[0]

    def _odds(self, words: Sequence[str]) -> tuple[float, int]:
        weights, total, unknown, before = self._weights, 0.0, 0, ""
        for word in words:
            weight = weights.get(word)
            if weight is None:
                unknown += 1
                weight = self._unknown
            total += weight + weights.get(f"{before} {word}", 0.0)
            before = word
        return self._bias + total * damping(len(words)), unknown


def tokens(text: str) -> list[str]:
    """The words and signs of a text."""
    return _WORD.findall(text)


def damping(words: int) -> float:
    """Long texts have more of everything: what their words say is weighed by the root of that."""
    return float(max(1.0, words / 12.0) ** -0.5)
