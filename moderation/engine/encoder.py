"""The trained model at work: texts in, a probability for each head out, and the words that spoke.

Runs on onnxruntime with weights in 8 bits; deterministic; one thread, since messages are many and
short. Long texts are read in overlapping windows and judged by their gravest one.
"""

import json
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

LONGEST = 96  # tokens in a window, both ends included
OVERLAP = 18
STEP = LONGEST - 2 - OVERLAP
MOST_WINDOWS = 52
MOST_TOKENS = MOST_WINDOWS * STEP + OVERLAP  # about 16,000 characters of ordinary language
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
    """Loads FOLDER/encoder.onnx and FOLDER/tokenizer.json; raises what they raise when missing."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            (folder / "encoder.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def judge(self, texts: Sequence[str]) -> list[Judged]:
        """One answer for each text, in order; offsets are those of the text as given."""
        windows = [list(self._windows(text)) for text in texts]
        answers = iter(self._run([window for own in windows for window in own]))
        return [self._whole(own, [next(answers) for _ in own]) for own in windows]

    def _windows(self, text: str) -> Iterator["_Window"]:
        shown, places = spelled_with_places(text)
        whole = self._tokenizer.encode(shown)
        first, *ids, last = whole.ids
        offsets = whole.offsets[1:-1]
        for start in range(0, max(1, len(ids) - OVERLAP), STEP)[:MOST_WINDOWS]:
            end = start + LONGEST - 2
            spans = [(places[a], places[max(a, b - 1)] + 1) for a, b in offsets[start:end]]
            yield _Window([first, *ids[start:end], last], spans, unread=len(ids) > MOST_TOKENS)

    @staticmethod
    def _whole(windows: Sequence["_Window"], answers: Sequence["_Answer"]) -> Judged:
        logits = np.stack([answer.logits for answer in answers])
        return Judged(
            logits=logits.max(axis=0),
            embedding=answers[0].embedding,
            spans=[window.spans for window in windows],
            evidence=[answer.evidence for answer in answers],
            window_of=logits.argmax(axis=0),
            unread=windows[0].unread,
        )

    def _run(self, windows: Sequence["_Window"]) -> list["_Answer"]:
        order = sorted(range(len(windows)), key=lambda n: len(windows[n].ids))
        found: dict[int, _Answer] = {}
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            found.update(zip(some, self._at_once([windows[n] for n in some]), strict=True))
        return [found[n] for n in range(len(windows))]

    def _at_once(self, windows: Sequence["_Window"]) -> Iterator["_Answer"]:
        ids = np.zeros((len(windows), max(len(w.ids) for w in windows)), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = 1
        names = ["logits", "embedding", "evidence"]
        out = self._session.run(names, {"input_ids": ids, "attention_mask": mask})
        for window, logits, embedding, evidence in zip(windows, *out, strict=True):
            yield _Answer(logits, embedding, evidence[1 : len(window.ids) - 1])


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
