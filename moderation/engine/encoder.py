"""The trained model at work: texts in, a probability for each head out, and the words that spoke.

Runs on onnxruntime with weights in 8 bits; deterministic; one thread, since messages are many and
short. Long texts are read in overlapping windows and judged by their gravest one.
"""

import json
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from moderation.engine.heads import HEADS

LONGEST = 96  # tokens in a window, both ends included
OVERLAP = 18
STEP = LONGEST - 2 - OVERLAP
MOST_WINDOWS = 52
MOST_TOKENS = MOST_WINDOWS * STEP + OVERLAP  # about 16,000 characters of ordinary language
EMBEDDING = 128

Floats = npt.NDArray[np.float32]
Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model says of one text.

    `logits` by head (the highest over windows); `embedding` of the first window; for each window
    the `spans` of its tokens in the text and `evidence` (tokens x heads: what each token added);
    `window_of` by head the window that spoke; `unread` when the text was too long to be read whole.
    """

    logits: Floats
    embedding: Floats
    spans: Sequence[Spans]
    evidence: Sequence[Floats]
    window_of: npt.NDArray[np.intp]
    unread: bool


class Encoder:
    """Loads first.onnx, rest.onnx and tokenizer.json; raises what they raise when missing.

    The first two layers say how likely it is that there is something at all. Texts below `line`
    (log odds) are left there: they are most of what is written, and cost a third.
    """

    def __init__(self, folder: Path, *, line: float = -math.inf) -> None:
        self._first = _session(folder / "first.onnx")
        self._rest = _session(folder / "rest.onnx")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._line = line

    def judge(self, texts: Sequence[str]) -> list[Judged | None]:
        """One answer for each text, in order: None where there is nothing. The spans are those of
        the text as given."""
        found = []
        for text in texts:
            windows = list(self._windows(text))
            found.append(_whole(windows, [self._read(window) for window in windows]))
        return found

    def worth(self, text: str) -> float:
        """The log odds that there is something in the text."""
        worth = [self._first.run(["worth"], _batch_of(w))[0][0] for w in self._windows(text)]
        return float(max(worth))

    def embeddings(self, texts: Sequence[str]) -> list[Floats]:
        """Where each text stands among the claims, whatever is found in it."""
        found = []
        for text in texts:
            batch = _batch_of(next(self._windows(text)))
            (states,) = self._first.run(["states"], batch)
            inputs = {"states": states, "attention_mask": batch["attention_mask"]}
            found.append(self._rest.run(["embedding"], inputs)[0][0])
        return found

    def _windows(self, text: str) -> Iterator["_Window"]:
        shown, places = spelled_with_places(text)
        whole = self._tokenizer.encode(shown)
        first, *ids, last = whole.ids
        offsets = whole.offsets[1:-1]
        for start in range(0, max(1, len(ids) - OVERLAP), STEP)[:MOST_WINDOWS]:
            end = start + LONGEST - 2
            spans = [(places[a], places[max(a, b - 1)] + 1) for a, b in offsets[start:end]]
            yield _Window([first, *ids[start:end], last], spans, unread=len(ids) > MOST_TOKENS)

    def _read(self, window: "_Window") -> "_Answer | None":
        """One window at a time: weights in 8 bits take their scale from all that is read with them,
        and what is found in a text must not depend on its neighbours."""
        batch = _batch_of(window)
        states, worth = self._first.run(["states", "worth"], batch)
        if worth[0] < self._line:
            return None
        inputs = {"states": states, "attention_mask": batch["attention_mask"]}
        logits, embedding, evidence = self._rest.run(["logits", "embedding", "evidence"], inputs)
        return _Answer(logits[0], embedding[0], evidence[0, 1:-1])


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        path.read_bytes(), options, providers=["CPUExecutionProvider"]
    )


def _batch_of(window: "_Window") -> dict[str, npt.NDArray[np.int64]]:
    ids = np.array([window.ids], dtype=np.int64)
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}


def _whole(windows: Sequence["_Window"], answers: Sequence["_Answer | None"]) -> Judged | None:
    """Of the windows in which there may be something, what was found; None when there is none."""
    read = [(w, a) for w, a in zip(windows, answers, strict=True) if a is not None]
    if not read and not windows[0].unread:
        return None
    if not read:
        read = [(windows[0], _Answer.of_nothing(len(windows[0].spans)))]
    logits = np.stack([answer.logits for _, answer in read])
    return Judged(
        logits=logits.max(axis=0),
        embedding=read[0][1].embedding,
        spans=[window.spans for window, _ in read],
        evidence=[answer.evidence for _, answer in read],
        window_of=logits.argmax(axis=0),
        unread=windows[0].unread,
    )


@dataclass(frozen=True, slots=True)
class _Window:
    ids: list[int]
    spans: Spans
    unread: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    logits: Floats
    embedding: Floats
    evidence: Floats

    @classmethod
    def of_nothing(cls, tokens: int) -> "_Answer":
        logits = np.full(len(HEADS), -20.0, dtype=np.float32)
        nothing = np.zeros((tokens, len(HEADS)), dtype=np.float32)
        return cls(logits, np.zeros(EMBEDDING, dtype=np.float32), nothing)


# --- signs that stand for words ------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _name(character: str) -> str:
    """An emoji by its Unicode name, since the tokenizer knows words and no pictures."""
    if character.isascii() or unicodedata.category(character) != "So":
        return character
    return f" {unicodedata.name(character, '').lower()} "


def spelled(text: str) -> str:
    """The text with each picture by its name."""
    return text if text.isascii() else "".join(map(_name, text))


def spelled_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The same, and for each character (and the end) where it stands in the text."""
    if text.isascii():
        return text, range(len(text) + 1)
    parts, places = [], []
    for place, character in enumerate(text):
        named = _name(character)
        parts.append(named)
        places.extend([place] * len(named))
    places.append(len(text))
    return "".join(parts), places


def read_json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
