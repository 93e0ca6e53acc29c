"""Rights of open sockets, read from the database in few queries for a whole process."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from forum.accounts.models import Account, AccountSession, HandleMute
from forum.accounts.second_factor import with_second_factor
from forum.chat import log
from forum.rooms.models import Membership, Room
from moderation import gate

# Close codes of the socket, beside those of RFC 6455.
SIGNED_OUT = 4401
BANNED = 4403
SLOW_READER = 4408
OLD = 4410
TOO_MANY = 4429
MALFORMED = 4400


@dataclass(frozen=True, slots=True)
class Look:
    """What a process wants to know: of its rooms, its accounts and its sessions."""

    rooms: tuple[int, ...]
    accounts: tuple[int, ...]
    sessions: tuple[str, ...]
    watchers: tuple[int, ...]  # accounts that watch a desk


@dataclass(frozen=True, slots=True)
class Seen:
    """For each room its newest seq and access version; access versions; sessions still alive;
    those of the watchers who have a second factor."""

    rooms: Mapping[int, tuple[int, int]]
    accounts: Mapping[int, int]
    sessions: frozenset[str]
    second_factors: frozenset[int]


@dataclass(frozen=True, slots=True)
class RoomRights:
    role: str
    can_write: bool
    until: datetime | None
    hidden: frozenset[int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What one account may do now, in every room that it belongs to."""

    access_version: int
    rooms: Mapping[int, RoomRights]
    desk_rooms: frozenset[int]


def look(wanted: Look) -> Seen:
    rows = Account.objects.filter(pk__in=wanted.accounts, is_active=True)
    return Seen(
        rooms=log.current_seqs(wanted.rooms),
        accounts=dict(rows.values_list("pk", "access_version")),
        sessions=live_sessions(wanted.sessions),
        second_factors=with_second_factor(wanted.watchers) if wanted.watchers else frozenset(),
    )


def live_sessions(keys: Collection[str]) -> frozenset[str]:
    rows = AccountSession.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return frozenset(rows.values_list("session_key", flat=True))


def standings(account_ids: Collection[int]) -> dict[int, Standing]:
    """The rights of these accounts; those that are gone or disabled are left out."""
    accounts = Account.objects.filter(pk__in=account_ids, is_active=True)
    members: dict[int, list[Membership]] = defaultdict(list)
    for member in Membership.objects.select_related("room").filter(
        account_id__in=account_ids, status=Membership.Status.ACTIVE
    ):
        members[member.account_id].append(member)
    limits = gate.limits_on(account_ids, now=timezone.now())
    may_watch = with_second_factor(account_ids)
    found = {}
    for account in accounts:
        rights = {member.room_id: _rights(member, limits) for member in members[account.pk]}
        desk = (
            desk_rooms(account, members[account.pk], limits)
            if account.pk in may_watch
            else frozenset()
        )
        found[account.pk] = Standing(account.access_version, rights, desk)
    return found


def _rights(member: Membership, limits: Collection[gate.Limit]) -> RoomRights:
    limit = gate.limit_on(limits, member.account_id, member.room_id)
    return RoomRights(
        role=member.role,
        can_write=not member.room.is_closed and limit is None,
        until=limit.ends_at if limit else None,
        hidden=hidden_from(member.account_id, member.handle_id, room_id=member.room_id),
    )


def desk_rooms(
    account: Account, members: Collection[Membership], limits: Collection[gate.Limit]
) -> frozenset[int]:
    """Whoever is muted or suspended moderates nothing where that holds."""
    if account.is_lead:
        rooms = list(Room.objects.values_list("pk", flat=True))
    else:
        rooms = [member.room_id for member in members if member.moderates]
    return frozenset(pk for pk in rooms if gate.limit_on(limits, account.pk, pk) is None)


def hidden_from(account_id: int, handle_id: int, *, room_id: int) -> frozenset[int]:
    """The handles whose words this reader does not get: muted or blocked by them, or blocking them.

    What a reader misses tells them something, so a block takes away from them only the one handle
    under which it was made, never the blocker's name in another room. It holds against every handle
    that the reader ever had in that room: only they could tell, and they know their own names.
    Elsewhere it holds between the same two handles alone; a wider block would let the blocker see,
    by who falls silent, which names of other rooms belong to whom they blocked.
    """
    blocked = Q(handle_id=handle_id) | Q(handle__account_id=account_id, room_id=room_id)
    rows = HandleMute.objects.filter(
        Q(account_id=account_id) | (blocked & Q(is_block=True, by_handle__isnull=False))
    ).values_list("account_id", "handle_id", "by_handle_id")
    return frozenset(theirs if by == account_id else mine for by, theirs, mine in rows)
