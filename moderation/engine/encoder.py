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
AT_ONCE = 16  # windows in one run; of like length, so that little is padding

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
        windows = [list(self._windows(text)) for text in texts]
        answers = iter(self._run([window for own in windows for window in own]))
        return [_whole(own, [next(answers) for _ in own]) for own in windows]

    def worth(self, text: str) -> float:
        """The log odds that there is something in the text."""
        batch = _padded(list(self._windows(text)))
        return float(self._first.run(["worth"], batch)[0].max())

    def embeddings(self, texts: Sequence[str]) -> list[Floats]:
        """Where each text stands among the claims, whatever is found in it."""
        found = []
        for text in texts:
            batch = _padded(list(self._windows(text))[:1])
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

    def _run(self, windows: Sequence["_Window"]) -> list["_Answer | None"]:
        order = sorted(range(len(windows)), key=lambda n: len(windows[n].ids))
        found: dict[int, _Answer | None] = {}
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            found.update(zip(some, self._at_once([windows[n] for n in some]), strict=True))
        return [found[n] for n in range(len(windows))]

    def _at_once(self, windows: Sequence["_Window"]) -> list["_Answer | None"]:
        batch = _padded(windows)
        states, worth = self._first.run(["states", "worth"], batch)
        found: list[_Answer | None] = [None] * len(windows)
        (on,) = np.nonzero(worth >= self._line)
        if len(on):
            names = ["logits", "embedding", "evidence"]
            inputs = {"states": states[on], "attention_mask": batch["attention_mask"][on]}
            for n, logits, embedding, evidence in zip(
                on, *self._rest.run(names, inputs), strict=True
            ):
                found[n] = _Answer(logits, embedding, evidence[1 : len(windows[n].ids) - 1])
        return found


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        path.read_bytes(), options, providers=["CPUExecutionProvider"]
    )


def _padded(windows: Sequence["_Window"]) -> dict[str, npt.NDArray[np.int64]]:
    ids = np.zeros((len(windows), max(len(w.ids) for w in windows)), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = window.ids
        mask[row, : len(window.ids)] = 1
    return {"input_ids": ids, "attention_mask": mask}


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
