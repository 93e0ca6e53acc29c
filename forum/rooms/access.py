"""Fetch and authorise in one step: who may read, write and moderate in a room."""

from django.urls import reverse

from forum.accounts.models import Account
from forum.errors import Refused, not_found
from forum.rooms.models import Membership, Room

CLOSED = Refused("room.closed", "This room is closed. You can still read what was said here.")


def public_room(slug: str) -> Room:
    """A room whose charter anybody may read; private rooms are "not there"."""
    room = Room.objects.filter(slug=slug).exclude(join_mode=Room.Join.PRIVATE).first()
    if room is None:
        raise not_found()
    return room


def readable_room(account: Account | None, slug: str) -> Room:
    """A room whose charter this person may read: a public one, or their own."""
    if account is not None:
        own = {"memberships__account": account, "memberships__status": Membership.Status.ACTIVE}
        if room := Room.objects.filter(slug=slug, **own).first():
            return room
    return public_room(slug)


def membership_for(account: Account, slug: str) -> Membership:
    """The account's active membership of the room, with room and handle; otherwise "not there"."""
    found = (
        Membership.objects.select_related("room", "handle", "account")
        .filter(
            room__slug=slug,
            account=account,
            account__is_active=True,
            status=Membership.Status.ACTIVE,
        )
        .first()
    )
    if found is None:
        raise not_found()
    return found


def charter_address(slug: str) -> str:
    """Of a room whose charter anybody may read; empty for a private one and for none."""
    is_listed = Room.objects.filter(slug=slug).exclude(join_mode=Room.Join.PRIVATE).exists()
    return reverse("rooms:charter", args=[slug]) if is_listed else ""


def check_open(room: Room) -> None:
    if room.is_closed:
        raise Refused(CLOSED.code, CLOSED.detail)
