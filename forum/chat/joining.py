"""What a socket needs to sit in a room, and the small things a member sets there."""

from django.utils import timezone

from forum.accounts import second_factor
from forum.accounts.models import Account
from forum.chat import authors, control
from forum.chat.sockets import Seat
from forum.rooms import access
from forum.rooms.models import Membership
from moderation import gate


def seat_for(account_id: int, slug: str) -> Seat:
    """A seat for this account; Refused (not_found) for everybody who does not belong here."""
    member = access.membership_for(Account(pk=account_id), slug)
    limits = gate.limits_on([account_id], now=timezone.now())
    limit = gate.limit_on(limits, account_id, member.room_id)
    return Seat(
        room_id=member.room_id,
        slug=member.room.slug,
        handle_id=member.handle_id,
        handle=member.handle.name,
        role=member.role,
        shows_presence=member.shows_presence,
        hidden=control.hidden_from(account_id, member.handle_id, room_id=member.room_id),
        can_write=authors.refusal_of(member, limits) is None,
        until=limit.ends_at if limit else None,
    )


def mark_read(account_id: int, room_id: int, seq: int) -> None:
    """Move the unread marker forward, never back."""
    Membership.objects.filter(account_id=account_id, room_id=room_id, read_seq__lt=seq).update(
        read_seq=seq
    )


def show_presence(account_id: int, room_id: int, visible: bool) -> None:
    Membership.objects.filter(account_id=account_id, room_id=room_id).update(shows_presence=visible)


def desk_for(account_id: int, session_key: str) -> tuple[frozenset[int], float]:
    """The rooms whose desk this account may watch, and when its session was given a code."""
    standing = control.standings([account_id]).get(account_id)
    rooms = standing.desk_rooms if standing else frozenset()
    return rooms, second_factor.code_given_at(session_key)
