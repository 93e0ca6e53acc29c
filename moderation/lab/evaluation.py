"""How good the engine is on labelled rows: per label, per family of look-alikes, and in all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moderation.engine.screener import Screener
from moderation.engine.types import Action, Draft, Verdict
from moderation.lab.rows import Row

BATCH = 64
HELD = {Action.HOLD, Action.BLOCK}


@dataclass(frozen=True, slots=True)
class Judged:
    row: Row
    verdict: Verdict

    @property
    def is_flagged(self) -> bool:
        return self.verdict.action != Action.ALLOW


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Of the rows on which the label is known. `found` is said at the policy's threshold: a rule
    took a signal of the label. Precision is None when nothing was found."""

    label: str
    positives: int
    precision: float | None
    recall: float | None
    average_precision: float | None
    auc: float | None


@dataclass(frozen=True, slots=True)
class FamilyFigures:
    """Of the rows of one family: how many there are, and which share was flagged or held."""

    family: str
    rows: int
    flagged: float
    held: float


def judge(engine: Screener, rows: Sequence[Row]) -> list[Judged]:
    """Every row with the engine's verdict on it."""
    found = []
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        verdicts = engine.screen([Draft(row.text) for row in some])
        found += [Judged(row, verdict) for row, verdict in zip(some, verdicts, strict=True)]
    return found


def of_labels(judged: Sequence[Judged], labels: Iterable[str]) -> list[LabelFigures]:
    return [_of_label(judged, label) for label in labels]


def _of_label(judged: Sequence[Judged], label: str) -> LabelFigures:
    known = [j for j in judged if j.row.is_own or label in j.row.labels]
    truth = [bool(j.row.labels.get(label)) for j in known]
    scores = [j.verdict.labels.get(label, 0.0) for j in known]
    found = [label in j.verdict.taken for j in known]
    hits = sum(f and t for f, t in zip(found, truth, strict=True))
    positives = sum(truth)
    return LabelFigures(
        label=label,
        positives=positives,
        precision=hits / sum(found) if any(found) else None,
        recall=hits / positives if positives else None,
        average_precision=average_precision(truth, scores) if positives else None,
        auc=area_under_roc(truth, scores) if 0 < positives < len(truth) else None,
    )


def of_families(judged: Sequence[Judged]) -> list[FamilyFigures]:
    """Own rows by family: the label for what harms, "lookalike/LABEL" and "ordinary/KIND"."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.row.is_own:
            groups[group_of(one.row)].append(one)
    return [
        FamilyFigures(name, len(ones), _share(ones, flagged=True), _share(ones, flagged=False))
        for name, ones in sorted(groups.items())
    ]


def group_of(row: Row) -> str:
    parts = row.family.split("/")
    return "/".join(parts[:2]) if parts[0] in ("lookalike", "ordinary") else parts[0]


def _share(ones: Sequence[Judged], *, flagged: bool) -> float:
    hits = sum(one.is_flagged if flagged else one.verdict.action in HELD for one in ones)
    return hits / len(ones)


# --- figures of rankings -------------------------------------------------------------------------


def area_under_roc(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """The chance that a positive scores above a negative, ties counted half (Mann-Whitney)."""
    order = sorted(zip(scores, truth, strict=True))
    positives = sum(truth)
    rank_sum, place = 0.0, 0
    while place < len(order):
        end = place
        while end < len(order) and order[end][0] == order[place][0]:
            end += 1
        middle = (place + 1 + end) / 2
        rank_sum += middle * sum(t for _, t in order[place:end])
        place = end
    above = rank_sum - positives * (positives + 1) / 2
    return above / (positives * (len(truth) - positives))


def average_precision(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """The area under precision over recall by steps; rows of one score enter together."""
    order = sorted(zip(scores, truth, strict=True), reverse=True)
    hits = seen = place = 0
    total = 0.0
    while place < len(order):
        end = place
        while end < len(order) and order[end][0] == order[place][0]:
            end += 1
        fresh = sum(t for _, t in order[place:end])
        hits, seen, place = hits + fresh, end, end
        total += fresh * hits / seen
    return total / hits if hits else 0.0
