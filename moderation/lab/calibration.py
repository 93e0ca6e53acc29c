"""From the model's logits to probabilities that mean what they say: Platt's scaling on dev rows.

Dev is half harm and look-alikes by design, which no room is; so ordinary talk of the public sets
stands beside it, and the probabilities are those of that mixture (docs/model-card.md).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ROUNDS = 60


def platt(logits: Floats, truth: Floats, weight: Floats | None = None) -> tuple[float, float]:
    """Slope and offset with the least log loss; targets are smoothed as Platt did (1999)."""
    weight = np.ones_like(logits) if weight is None else weight
    positives, negatives = float(truth.sum()), float((1 - truth).sum())
    high, low = (positives + 1) / (positives + 2), 1 / (negatives + 2)
    goal = np.where(truth > 0.5, high, low)
    slope, offset = 1.0, 0.0
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(slope * logits + offset, -30, 30)))
        error, curve = (p - goal) * weight, p * (1 - p) * weight + 1e-9
        gradient = np.array([(error * logits).sum(), error.sum()])
        hessian = np.array(
            [
                [(curve * logits**2).sum() + 1e-3, (curve * logits).sum()],
                [(curve * logits).sum(), curve.sum() + 1e-3],
            ]
        )
        step = np.linalg.solve(hessian, gradient)
        slope, offset = slope - float(step[0]), offset - float(step[1])
        if np.abs(step).max() < 1e-6:
            break
    return max(slope, 0.05), offset


def probability(logits: Floats, fitted: tuple[float, float]) -> Floats:
    slope, offset = fitted
    found: Floats = 1 / (1 + np.exp(-np.clip(slope * logits + offset, -30, 30)))
    return found


def reliability(
    probabilities: Sequence[float], truth: Sequence[bool], bins: int = 5
) -> list[tuple[float, float, int]]:
    """For bins of equal width: mean probability said, share that was true, rows."""
    said, true = np.asarray(probabilities), np.asarray(truth, dtype=float)
    found = []
    for n in range(bins):
        low, high = n / bins, (n + 1) / bins
        inside = (said >= low) & ((said < high) if n < bins - 1 else (said <= high))
        if inside.any():
            mean, share = float(said[inside].mean()), float(true[inside].mean())
            found.append((mean, share, int(inside.sum())))
    return found
