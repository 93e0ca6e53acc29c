"""Trains the sieve that passes the clearly harmless before the encoder is asked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from moderation.engine.sieve import UNKNOWN, damping, tokens

LEAST_SEEN = 3
LEAST_PAIRS = 5
PASSES = 4
BATCH = 256
RATE = 0.03
DECAY = 3e-6


class Linear(nn.Module):
    """One weight for each word and pair of words."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self.place = {word: n for n, word in enumerate(words)}
        self.weights = nn.EmbeddingBag(len(words), 1, mode="sum")
        nn.init.zeros_(self.weights.weight)
        self.bias = nn.Parameter(torch.tensor(0.0))

    def places(self, text: str) -> tuple[list[int], float]:
        words = tokens(text)
        found = [self.place.get(word, 0) for word in words]
        pairs = (self.place.get(f"{a} {b}") for a, b in pairwise(words))
        found += [place for place in pairs if place is not None]
        return found or [0], damping(len(words))

    def forward(self, batch: Sequence[tuple[list[int], float]]) -> torch.Tensor:
        flat = torch.tensor([p for places, _ in batch for p in places])
        starts = torch.tensor([0, *(len(places) for places, _ in batch)][:-1]).cumsum(0)
        scale = torch.tensor([s for _, s in batch])
        return self.weights(flat, starts).squeeze(1) * scale + self.bias


def vocabulary(texts: Sequence[str]) -> list[str]:
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for text in dict.fromkeys(texts):
        found = tokens(text)
        words.update(set(found))
        pairs.update({f"{a} {b}" for a, b in pairwise(found)})
    kept = [UNKNOWN, *sorted(w for w, n in words.items() if n >= LEAST_SEEN)]
    return kept + sorted(p for p, n in pairs.items() if n >= LEAST_PAIRS)


def train(
    texts: Sequence[str], goals: Sequence[float], weights: Sequence[float], *, seed: int
) -> Linear:
    """`goals`: the chance that something is found in each text; `weights`: how much it counts."""
    torch.manual_seed(seed)
    network = Linear(vocabulary(texts))
    rows = [network.places(text) for text in texts]
    goal, weight = torch.tensor(goals), torch.tensor(weights)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    steps = PASSES * -(-len(texts) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: max(0.03, 1 - n / steps))
    for some in _batches(len(texts)):
        each = functional.binary_cross_entropy_with_logits(
            network([rows[n] for n in some.tolist()]), goal[some], reduction="none"
        )
        loss = (each * weight[some]).mean() + DECAY * network.weights.weight.square().sum()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
    return network


def _batches(count: int) -> Iterator[torch.Tensor]:
    for _ in range(PASSES):
        yield from torch.randperm(count).split(BATCH)


def save(network: Linear, path: Path, *, line: float, most_unknown: float) -> None:
    weights = network.weights.weight.detach().squeeze(1).numpy()
    scale = float(np.abs(weights).max()) / 127
    np.savez_compressed(
        path,
        words=np.array("\n".join(network.place)),
        weights=np.round(weights / scale).astype(np.int8),
        scale=np.float32(scale),
        bias=np.float32(network.bias.item()),
        line=np.float32(line),
        most_unknown=np.float32(most_unknown),
    )
