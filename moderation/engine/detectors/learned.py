"""What the trained model finds: every label at once, with the words that spoke for it.

The logits of the encoder become calibrated probabilities (Platt's scaling, fitted on dev;
docs/model-card.md says how well it holds).
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from moderation.engine.detectors.claims import Claim, Claims
from moderation.engine.encoder import Encoder, Judged, read_json
from moderation.engine.heads import HARM, HEADS
from moderation.engine.lexicon import FOLDER, LexiconError, read_toml
from moderation.engine.text import read
from moderation.engine.types import LABELS, LEARNED, CrisisLevel, Draft, Reading, Signal, Span

MODELS = FOLDER / "models"
LEAST = 0.005  # a lower probability is not worth a signal
WORTH_SHOWING = 0.2  # of a lower one the words are not looked for
MOST_SPANS = 3
CRISIS = ("crisis_now", "crisis_red", "crisis_amber")
# These only say of what kind another head's finding is, or how sure.
KINDS = frozenset({HARM, "sourcing_offer", "others_information", "advice"})
EVEN = 0.5


class ModelError(RuntimeError):
    """The model's files are not those that were trained together; the message names the file."""


@dataclass(frozen=True, slots=True)
class _Head:
    place: int
    label: str
    evidence: str
    level: CrisisLevel | None
    columns: tuple[int, ...]
    weights: tuple[float, ...]

    def probability(self, judged: Judged) -> float:
        *weights, offset = self.weights
        z = offset + sum(
            weight * float(judged.logits[column])
            for weight, column in zip(weights, self.columns, strict=True)
        )
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, z)))), 4)


class Learned:
    name = LEARNED

    def __init__(self, claims: Claims, folder: Path = MODELS) -> None:
        about = read_json(folder / "model.json")
        _check_files(folder, about["sha256"])
        if tuple(about["heads"]) != HEADS:
            raise ModelError("model.json: its heads are not those of this engine; train anew.")
        self._encoder = Encoder(folder, line=float(about["line"]))
        self._heads = _heads(about["calibration"])
        labels = [head.label for name, head in self._heads.items() if name not in KINDS]
        self.labels = tuple(dict.fromkeys([*labels, "disruption"]))
        self._near = float(about["near"])
        self._claims, self._wordings = _wordings(claims, folder / "claims.npz", self._encoder)

    def detect(self, batch: Sequence[Reading]) -> list[list[Signal]]:
        judged = self._encoder.judge([reading.folded for reading in batch])
        return [
            list(self._signals(reading, one)) if one is not None else []
            for reading, one in zip(batch, judged, strict=True)
        ]

    def _signals(self, reading: Reading, judged: Judged) -> Iterator[Signal]:
        sure = {name: head.probability(judged) for name, head in self._heads.items()}
        for name in self._heads:
            if name in CRISIS or name in KINDS or sure[name] < LEAST:
                continue
            signal = self._signal(name, reading, judged, sure)
            if name in ("misinformation", "treatment_stigma"):
                yield from self._of_claim(signal, judged, sure)
            else:
                yield signal
        if sure["crisis_amber"] >= LEAST:
            level = next((name for name in CRISIS if sure[name] >= EVEN), "crisis_amber")
            # That it is a crisis of some level is surer than which.
            yield replace(self._signal(level, reading, judged, sure), score=sure["crisis_amber"])
        if judged.unread:
            facts = {"kind": "unreadable"}
            words = "is longer, or less like words, than can be read at once"
            yield Signal("disruption", 1.0, self.name, evidence=words, facts=facts)

    def _signal(
        self, name: str, reading: Reading, judged: Judged, sure: Mapping[str, float]
    ) -> Signal:
        head = self._heads[name]
        return Signal(
            label=head.label,
            score=sure[name],
            detector=self.name,
            spans=_spans(reading, judged, head.place) if sure[name] >= WORTH_SHOWING else (),
            evidence=head.evidence,
            level=head.level,
            facts=_facts(name, sure),
        )

    def _of_claim(
        self, signal: Signal, judged: Judged, sure: Mapping[str, float]
    ) -> Iterator[Signal]:
        """The signal with the claim that the text is nearest to; a debatable one is no harm."""
        claim = self._nearest(judged)
        if claim is not None and claim.severity == "debatable":
            return
        facts = {
            "asserted": "advice" if sure["advice"] >= EVEN else "general",
            "base": "no" if claim is None else "yes",
        }
        label, evidence = signal.label, signal.evidence
        if claim is not None:
            facts["severity"] = claim.severity
            evidence = f"seems to say what is known to be wrong: {claim.claim}"
            if claim.severity == "stigmatising":
                label = "treatment_stigma"
        yield Signal(
            label=label,
            score=signal.score,
            detector=self.name,
            spans=signal.spans,
            evidence=evidence,
            claim=claim.id if claim else None,
            facts=facts,
        )

    def _nearest(self, judged: Judged) -> Claim | None:
        near = self._wordings @ judged.embedding
        best = int(near.argmax())
        return self._claims[best] if near[best] >= self._near else None


def _facts(name: str, sure: Mapping[str, float]) -> dict[str, str]:
    match name:
        case "sourcing":
            return {"kind": "offer" if sure["sourcing_offer"] >= EVEN else "request"}
        case "personal_information":
            return {"whose": "other" if sure["others_information"] >= EVEN else "own"}
        case "relapse":
            return {"disclosure": "relapse"}
    return {}


def _spans(reading: Reading, judged: Judged, place: int) -> tuple[Span, ...]:
    """The words that added most to the finding, neighbours joined, the weightiest few."""
    window = int(judged.window_of[place])
    added = judged.evidence[window][:, place]
    spans = judged.spans[window]
    if not len(added) or added.max() <= 0:
        return ()
    strong = np.flatnonzero(added >= added.max() * 0.35)
    runs: list[list[int]] = []
    for at in strong.tolist():
        if runs and at - runs[-1][-1] <= 2:
            runs[-1].append(at)
        else:
            runs.append([at])
    runs.sort(key=lambda run: -float(added[run].sum()))
    return tuple(
        reading.span(*_whole_words(reading.folded, spans[run[0]][0], spans[run[-1]][1]))
        for run in runs[:MOST_SPANS]
    )


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, max(end, start + 1)


# --- loading -------------------------------------------------------------------------------------


def _check_files(folder: Path, digests: Mapping[str, str]) -> None:
    for name, digest in digests.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise ModelError(f"{name} is not the file that model.json speaks of.")


def _heads(calibration: Mapping[str, Sequence[float]]) -> dict[str, _Head]:
    words: Mapping[str, Any] = read_toml(FOLDER / "heads.toml")
    if unknown := set(words) - set(HEADS):
        raise LexiconError(f"heads.toml: there is no head {sorted(unknown)[0]!r}.")
    found = {}
    for place, name in enumerate(HEADS):
        entry = words.get(name, {})
        label = entry.get("label", name)
        if label not in LABELS and name not in KINDS:
            raise LexiconError(f"heads.toml, {name}: unknown label {label!r}.")
        level = CrisisLevel(entry["level"]) if "level" in entry else None
        columns = (place,) if name == HARM else (place, HEADS.index(HARM))
        weights = tuple(calibration[name])
        found[name] = _Head(place, label, entry.get("evidence", ""), level, columns, weights)
    return found


def _wordings(
    claims: Claims, path: Path, encoder: Encoder
) -> tuple[list[Claim], np.ndarray[Any, Any]]:
    """Every wording's claim and embedding; those not in the file are read by the encoder now."""
    data = np.load(path, allow_pickle=False)
    known = dict(zip(data["digests"].tolist(), data["embeddings"].astype(np.float32), strict=True))
    owners, texts = zip(*claims.wordings(), strict=True)
    missing = [text for text in texts if digest(text) not in known]
    fresh = encoder.embeddings([read(Draft(text)).folded for text in missing])
    known.update(zip(map(digest, missing), fresh, strict=True))
    return list(owners), np.stack([known[digest(text)] for text in texts])


def digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
