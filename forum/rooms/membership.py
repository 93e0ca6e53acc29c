"""Joining and leaving rooms, each under a handle of its own choice."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from forum.accounts import handles, revocation
from forum.accounts.models import Account, Handle
from forum.errors import Refused, not_found
from forum.rooms import access
from forum.rooms.models import Membership, Room
from moderation import gate


def join(
    account: Account, slug: str, *, handle_name: str, charter_version: int, shows_presence: bool
) -> Membership:
    """Become a member, or ask to become one, under a handle that one has or wishes to have."""
    room = access.public_room(slug)
    access.check_open(room)
    _check_not_limited(account, room)
    if charter_version != room.charter_version:
        raise Refused(
            "charter.changed",
            "The charter of this room has changed since you opened the page. Please read it again.",
            status=409,
        )
    with transaction.atomic():
        # The account first, here and below: a post locks it before it counts up its membership.
        revocation.access_changed(account.pk)
        handle = handle_for(account, handle_name)
        member = _enter(account, room, handle, shows_presence)
    return member


def _check_not_limited(account: Account, room: Room) -> None:
    if limit := _limit_on(account.pk, room.pk):
        until = limit.ends_at.strftime("%d %B, %H:%M UTC")
        raise Refused(f"limit.{limit.kind}", f"You can't join until {until}. Your notices say why.")


def _limit_on(account_id: int, room_id: int) -> gate.Limit | None:
    limits = gate.limits_on([account_id], now=timezone.now())
    return gate.limit_on(limits, account_id, room_id)


def handle_for(account: Account, name: str) -> Handle:
    """One's own handle of this name, or a new one."""
    own = account.handles.filter(name=name.strip()).first()
    return own or handles.claim_handle(account, name)


def _enter(account: Account, room: Room, handle: Handle, shows_presence: bool) -> Membership:
    member = Membership.objects.select_for_update().filter(account=account, room=room).first()
    asked = room.join_mode == Room.Join.REQUEST
    if member is None:
        member = Membership(account=account, room=room)
        member.status = Membership.Status.REQUESTED if asked else Membership.Status.ACTIVE
    elif member.status == Membership.Status.LEFT:
        member.status = Membership.Status.REQUESTED if asked else Membership.Status.ACTIVE
        member.role = Membership.Role.MEMBER
    member.handle = handle
    member.charter_accepted = room.charter_version
    member.shows_presence = shows_presence
    member.read_seq = room.seq
    member.save()
    return member


def leave(account: Account, slug: str) -> None:
    """What was said stays, under its handle; one can come back."""
    member = access.membership_for(account, slug)
    with transaction.atomic():
        revocation.access_changed(account.pk)
        Membership.objects.filter(pk=member.pk).update(
            status=Membership.Status.LEFT, role=Membership.Role.MEMBER
        )


def requests_for(member: Membership) -> list[Membership]:
    """Who asks to join, for those who may let them in; by handle only."""
    if not may_let_in(member):
        return []
    rows = Membership.objects.select_related("handle").filter(
        room_id=member.room_id, status=Membership.Status.REQUESTED
    )
    return list(rows.order_by("pk"))


def may_let_in(member: Membership) -> bool:
    """Whoever looks after the room, but while they are muted or suspended themselves."""
    on_duty = member.role in (Membership.Role.FACILITATOR, Membership.Role.MODERATOR)
    return on_duty and _limit_on(member.account_id, member.room_id) is None


def answer_request(decider: Account, slug: str, request_id: int, *, welcome: bool) -> None:
    member = access.membership_for(decider, slug)
    asking = Membership.objects.filter(
        pk=request_id, room_id=member.room_id, status=Membership.Status.REQUESTED
    )
    if not may_let_in(member) or not asking.exists():
        raise not_found()
    status = Membership.Status.ACTIVE if welcome else Membership.Status.LEFT
    with transaction.atomic():
        account_id = asking.values_list("account_id", flat=True).get()
        revocation.access_changed(account_id)
        asking.update(status=status)


def appoint(handle_name: str, slug: str, role: Membership.Role) -> None:
    """Give a member of the room another role in it; used by commands, never by a page."""
    with transaction.atomic():
        found = Membership.objects.filter(
            room__slug=slug, handle__name__iexact=handle_name, status=Membership.Status.ACTIVE
        )
        account_id = found.values_list("account_id", flat=True).first()
        if account_id is None:
            raise not_found()
        revocation.access_changed(account_id)
        found.update(role=role)


def make_moderator(account: Account, room: Room, handle: Handle) -> Membership:
    """Put somebody on duty in a room; used by commands, never by a page."""
    member, _ = Membership.objects.update_or_create(
        room=room,
        account=account,
        defaults={
            "handle": handle,
            "role": Membership.Role.MODERATOR,
            "status": Membership.Status.ACTIVE,
            "charter_accepted": room.charter_version,
        },
    )
    Account.objects.filter(pk=account.pk).update(access_version=F("access_version") + 1)
    return member
