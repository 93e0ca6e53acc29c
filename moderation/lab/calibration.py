"""From the model's logits to probabilities that mean what they say: Platt's scaling on dev rows.

Dev is half harm and look-alikes by design, which no room is; so ordinary talk of the public sets
stands beside it, and the probabilities are those of that mixture (docs/model-card.md).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ROUNDS = 60
HELD_BACK = 0.5  # what the square of a weight costs, in rows


def platt(logits: Floats, truth: Floats) -> Floats:
    """A weight for each column of logits (rows x columns) and the offset, with the least log loss.

    Targets are smoothed as Platt did (1999); large weights cost a little, so that few rows don't
    make them certain.
    """
    columns = np.column_stack([logits, np.ones(len(logits))])
    positives, negatives = float(truth.sum()), float((1 - truth).sum())
    high, low = (positives + 1) / (positives + 2), 1 / (negatives + 2)
    goal = np.where(truth > 0.5, high, low)
    held = np.diag([HELD_BACK] * logits.shape[1] + [1e-3])
    found: Floats = np.array([1.0, *[0.0] * logits.shape[1]])
    for _ in range(ROUNDS):
        p = probability(logits, found)
        curve = p * (1 - p) + 1e-9
        gradient = columns.T @ (p - goal) + held @ found
        step = np.linalg.solve((columns * curve[:, None]).T @ columns + held, gradient)
        found = found - step
        if np.abs(step).max() < 1e-6:
            break
    return found


def probability(logits: Floats, fitted: Floats) -> Floats:
    """Of rows x columns of logits."""
    found: Floats = 1 / (1 + np.exp(-np.clip(logits @ fitted[:-1] + fitted[-1], -30, 30)))
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
