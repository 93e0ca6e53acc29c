"""Keeps what the engine said of each text, and which texts it still owes an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from moderation.engine.types import Action, Reason, Verdict
from moderation.models import Screening
from moderation.ports import ContentRef

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


def _row(item: Screened) -> Screening:
    pending = is_unscreened(item.verdict)
    return Screening(
        id=uuid4(),
        content_kind=item.ref.kind,
        content_id=item.ref.id,
        room_id=item.room_id,
        state=Screening.State.PENDING if pending else Screening.State.DONE,
        action=item.verdict.action,
        rule=item.verdict.rule,
        policy=item.verdict.policy,
        labels=dict(item.verdict.labels),
    )
