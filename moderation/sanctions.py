"""Limits on accounts: which are in force, beginning and ending them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from moderation.models import Sanction


@dataclass(frozen=True, slots=True)
class Limit:
    """A sanction in force: which kind, where (None is everywhere), until when."""

    account_id: int
    room_id: int | None
    kind: str
    ends_at: datetime


def in_force(account_ids: Iterable[int], *, now: datetime) -> list[Limit]:
    """Every sanction that limits one of these accounts at this moment."""
    rows = _running(now).filter(account_id__in=set(account_ids))
    return [Limit(row.account_id, row.room_id, row.kind, row.ends_at) for row in rows]


def limit_on(limits: Iterable[Limit], account_id: int, room_id: int) -> Limit | None:
    """The limit among these that keeps the account from writing in the room; the longest first."""
    found = [
        limit
        for limit in limits
        if limit.account_id == account_id and limit.room_id in (None, room_id)
    ]
    return max(found, key=lambda limit: (limit.room_id is None, limit.ends_at), default=None)


def _running(now: datetime) -> QuerySet[Sanction]:
    return Sanction.objects.filter(Q(lifted_at__isnull=True), starts_at__lte=now, ends_at__gt=now)
