"""Keeps what the engine said of each text, and which texts it still owes an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from moderation.engine.types import Action, CrisisLevel, Draft, Reason, Signal, Standing, Verdict
from moderation.models import Screening
from moderation.ports import ContentRef

KEPT_FROM = 0.05  # a weaker signal is nothing that any policy would act on
UNSCREENED_RULE = "gate.unscreened"
UNSCREENED = Verdict(
    action=Action.HOLD,
    rule=UNSCREENED_RULE,
    policy="none",
    reasons=(
        Reason(
            "unscreened",
            "We could not check your message just now, so it waits. It appears by itself, in its"
            " place, as soon as it is checked. You don't have to send it again.",
        ),
    ),
    severity=3,
)


@dataclass(frozen=True, slots=True)
class Screened:
    """A verdict on one content of one room, to be kept with it."""

    ref: ContentRef
    room_id: int
    draft: Draft
    verdict: Verdict


def is_unscreened(verdict: Verdict) -> bool:
    return verdict.rule == UNSCREENED_RULE


def keep(items: Iterable[Screened]) -> list[UUID]:
    """Store the verdicts inside the caller's transaction; their ids, in order."""
    rows = [_row(item) for item in items]
    Screening.objects.bulk_create(rows)
    return [row.id for row in rows]


def settle(ref: ContentRef) -> None:
    """A person has decided: the engine owes no answer any more, and can't overrule them."""
    rows = Screening.objects.filter(content_kind=ref.kind, content_id=ref.id)
    rows.exclude(state=Screening.State.DONE).update(state=Screening.State.DONE, lease_until=None)


def fill(row: Screening, draft: Draft, verdict: Verdict) -> None:
    """Write into the row what was said of the draft."""
    row.action, row.rule, row.policy = verdict.action, verdict.rule, verdict.policy
    row.labels = {label: s for label, s in verdict.labels.items() if s >= KEPT_FROM}
    row.signals = [
        [s.label, s.detector, s.score, s.level, dict(s.facts)]
        for s in verdict.signals
        if s.score >= KEPT_FROM
    ]
    row.preset, row.standing, row.nudged = draft.preset, draft.standing, draft.nudged


def signals_of(kept: Iterable[Any]) -> list[Signal]:
    """The signals of a row, without the words that spoke for them."""
    return [
        Signal(label, score, detector, level=CrisisLevel(level) if level else None, facts=facts)
        for label, detector, score, level, facts in kept
    ]


def draft_of(preset: str, standing: str, *, nudged: bool) -> Draft:
    """A draft as rules see it, without its text."""
    return Draft("", preset=preset, standing=Standing(standing), nudged=nudged)


def _row(item: Screened) -> Screening:
    pending = is_unscreened(item.verdict)
    row = Screening(
        id=uuid4(),
        content_kind=item.ref.kind,
        content_id=item.ref.id,
        room_id=item.room_id,
        state=Screening.State.PENDING if pending else Screening.State.DONE,
    )
    fill(row, item.draft, item.verdict)
    return row
