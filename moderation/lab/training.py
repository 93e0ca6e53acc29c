"""Makes the models that the engine ships, from our samples, public sets and a seed.

The steps: lessons, the encoder, its export in 8 bits, probabilities fitted on dev, the claims'
places, the early exit taught by the whole, and model.json, which names every file by its digest.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from moderation.engine.detectors.claims import Claims
from moderation.engine.detectors.learned import digest
from moderation.engine.encoder import Encoder
from moderation.engine.heads import HARM, HEADS
from moderation.lab import calibration, encoder, lessons, rows, targets
from moderation.lab.encoder import Lesson, Network
from moderation.lab.lessons import as_read
from moderation.lab.rows import Row

SEED = 7
FILES = ("first.onnx", "rest.onnx", "tokenizer.json", "claims.npz")
DEV_MOST = 1_500  # of each public set
MISSED = 0.01  # share of dev's harm that the early exit may let go
CHUNK = 256
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Term:
    """One pass: how often over our own samples, with which share of the public ones, how fast, and
    with which share of words blanked."""

    own_times: int
    share: float
    rate: float
    blanks: float = 0.0


# First the wide view, then our own field many times over with a part of the rest, so that it is not
# lost. The first does not depend on our own samples.
TERMS = (
    Term(own_times=0, share=1.0, rate=7e-5),
    Term(own_times=5, share=0.25, rate=6e-5, blanks=0.06),
)


@dataclass(frozen=True, slots=True)
class Material:
    """What a run learns from and is tuned on."""

    own: Sequence[Row]
    own_dev: Sequence[Row]
    public: Mapping[str, Sequence[Row]]
    terms: Sequence[Sequence[Lesson]]

    @classmethod
    def gather(cls, data: Path, *, seed: int = SEED) -> "Material":
        own, public = rows.samples("train"), rows.public(data)
        terms = [
            lessons.lessons_of(
                own, public, own_times=term.own_times, share=term.share, seed=seed + n
            )
            for n, term in enumerate(TERMS)
        ]
        return cls(own, rows.samples("dev"), public, terms)


def make_models(data: Path, weights: Path, folder: Path, *, seed: int = SEED) -> None:
    """All of it, into the folder."""
    material = Material.gather(data, seed=seed)
    network = make_encoder(material, weights, folder, seed=seed)
    finish(network, material, folder, seed=seed)


def make_encoder(material: Material, weights: Path, folder: Path, *, seed: int) -> Network:
    torch.set_num_threads(2)
    wide = TERMS[0]
    network = encoder.make_network(weights, seed=seed)
    full = encoder.full_tokenizer(weights)
    encoder.train(network, full, material.terms[0], rate=wide.rate, seed=seed, blanks=wide.blanks)
    learn_own_field(network, material, weights, folder, seed=seed)
    return network


def learn_own_field(
    network: Network, material: Material, weights: Path, folder: Path, *, seed: int
) -> None:
    """The second term: the vocabulary that is kept, our own field, and the exported files."""
    own = TERMS[1]
    texts = [lesson.text for lessons in material.terms for lesson in lessons]
    tokenizer, places = encoder.make_tokenizer(weights, texts)
    encoder.cut_vocabulary(network, places)
    encoder.train(
        network, tokenizer, material.terms[1], rate=own.rate, seed=seed, blanks=own.blanks
    )
    encoder.export(network, tokenizer, folder)


def finish(network: Network, material: Material, folder: Path, *, seed: int) -> None:
    """What follows from the exported encoder: probabilities, claims, the early exit, model.json."""
    model = Encoder(folder)
    fitted = fit(model, material)
    near = save_claims(model, material.own_dev, folder)
    teach_exit(network, model, material, fitted, folder, seed=seed)
    about = {
        "heads": list(HEADS),
        "calibration": {head: [round(float(x), 5) for x in fitted[head]] for head in HEADS},
        "near": round(near, 4),
        "line": round(exit_line(Encoder(folder), material.own_dev), 4),
        "seed": seed,
        "sha256": {name: _sha256(folder / name) for name in FILES},
    }
    (folder / "model.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def logits_of(model: Encoder, texts: Sequence[str]) -> Floats:
    """Texts x heads; of a model without a line, which answers on every text."""
    found = []
    for start in range(0, len(texts), CHUNK):
        judged = model.judge(list(texts[start : start + CHUNK]))
        found += [one.logits for one in judged if one is not None]
    assert len(found) == len(texts), "a model without a line answers on every text"
    return np.stack(found).astype(float)


# --- probabilities -------------------------------------------------------------------------------


def fit(model: Encoder, material: Material) -> dict[str, Floats]:
    """By head the weights of its columns, and the offset."""
    known = [(row, targets.own(row)) for row in material.own_dev]
    for name, (of, _, _) in targets.PUBLIC.items():
        dev = [row for row in material.public.get(name, ()) if row.split == "dev"][:DEV_MOST]
        known += [(row, found) for row in dev if (found := of(row))]
    logits = logits_of(model, [as_read(row.text[:2_000]) for row, _ in known])
    fitted = {}
    for head in HEADS:
        said = [n for n, (_, found) in enumerate(known) if head in found]
        truth = np.array([float(known[n][1][head] >= 0.5) for n in said])
        fitted[head] = calibration.platt(columns(logits[said], head), truth)
    return fitted


def columns(logits: Floats, head: str) -> Floats:
    """What a head's probability is made of: its logit, and that there is any harm."""
    names = [head] if head == HARM else [head, HARM]
    found: Floats = logits[:, [HEADS.index(name) for name in names]]
    return found


# --- claims --------------------------------------------------------------------------------------


def save_claims(model: Encoder, dev: Sequence[Row], folder: Path) -> float:
    """claims.npz; how near (cosine) a text must be to a claim to be about it.

    The nearness that tells best, on dev, texts about a claim from all others."""
    wordings = Claims().wordings()
    embeddings = _embeddings(model, [text for _, text in wordings])
    np.savez_compressed(
        folder / "claims.npz",
        digests=np.array([digest(text) for _, text in wordings]),
        embeddings=embeddings.astype(np.float16),
    )
    nearest = (_embeddings(model, [row.text for row in dev]) @ embeddings.T).max(axis=1)
    about = np.array([bool(row.claim) for row in dev])
    candidates = np.unique(np.round(nearest, 2))
    rates = [(nearest[about] >= c).mean() - (nearest[~about] >= c).mean() for c in candidates]
    return float(candidates[int(np.argmax(rates))])


def _embeddings(model: Encoder, texts: Sequence[str]) -> np.ndarray:
    return np.stack(model.embeddings([as_read(text) for text in texts]))


# --- the early exit ------------------------------------------------------------------------------

# By these probabilities the whole counts as finding something: well below where policy acts.
FINDS = 0.1
NOT_A_FINDING = {"advice", "sourcing_offer", "others_information", "obscene"}


def finds(logits: Floats, fitted: Mapping[str, Floats]) -> npt.NDArray[np.bool_]:
    """For each text whether any head finds something in it."""
    sure = [
        calibration.probability(columns(logits, head), fitted[head])
        for head in HEADS
        if head not in NOT_A_FINDING
    ]
    found: npt.NDArray[np.bool_] = np.stack(sure).max(axis=0) >= FINDS
    return found


def teach_exit(
    network: Network,
    model: Encoder,
    material: Material,
    fitted: Mapping[str, Floats],
    folder: Path,
    *,
    seed: int,
) -> None:
    """The whole model teaches its first layers; first.onnx is written anew."""
    texts = list(dict.fromkeys(lesson.text for term in material.terms for lesson in term))
    harmful = {as_read(row.text) for row in material.own if row.labels}
    own = {as_read(row.text) for row in material.own}
    goals = [float(g) for g in finds(logits_of(model, texts), fitted)]
    goals = [1.0 if text in harmful else g for text, g in zip(texts, goals, strict=True)]
    weights = [2.0 if text in own else 1.0 for text in texts]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    encoder.train_exit(network, tokenizer, texts, goals, weights, seed=seed)
    encoder.export(network, tokenizer, folder)


def exit_line(model: Encoder, dev: Sequence[Row]) -> float:
    """The log odds below which at most MISSED of dev's harm lies."""
    odds = sorted(model.worth(as_read(row.text)) for row in dev if row.labels)
    return odds[int(len(odds) * MISSED)]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
