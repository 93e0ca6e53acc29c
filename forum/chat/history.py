"""Reads of a room: what is new in the log, and pages of its conversation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from forum.chat import control, events, log
from forum.chat.events import Frame
from forum.chat.models import Event, Message, Reaction, Share
from forum.rooms.models import Membership, Room

CONVERSATION_PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Encoded events up to seq; `more` when the log goes on after it."""

    frames: list[str]
    seq: int
    more: bool


def frames_after(room_id: int, slug: str, seq: int, *, at_most: int) -> list[Frame]:
    return [events.frame_of(e, slug) for e in log.events_after(room_id, seq, at_most=at_most)]


def page_after(room_id: int, slug: str, after: int | None, *, hidden: Collection[int]) -> Page:
    """The newest events, or the first page of those after a seq."""
    if after is None:
        found = log.newest_events(room_id)
        more = False
        newest = Room.objects.values_list("seq", flat=True).get(pk=room_id)
        seq = found[-1].seq if found else newest
    else:
        found = log.events_after(room_id, after, at_most=log.PAGE + 1)
        more = len(found) > log.PAGE
        found = found[: log.PAGE]
        seq = found[-1].seq if found else _at_most_current(room_id, after)
    return Page([_text(event, slug, hidden) for event in found], seq, more)


def _at_most_current(room_id: int, after: int) -> int:
    """A client that claims to know the future starts again from now."""
    return min(after, Room.objects.values_list("seq", flat=True).get(pk=room_id))


def _text(event: Event, slug: str, hidden: Collection[int]) -> str:
    if event.message.handle_id in hidden:
        return events.hidden(slug, event.seq)
    return events.frame_of(event, slug).text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands, to page on from it."""

    place: int
    id: UUID


def conversation(
    member: Membership,
    *,
    share: Share | None = None,
    before: Place | None = None,
    hidden: Collection[int] = (),
    at_most: int = CONVERSATION_PAGE,
) -> list[Message]:
    """The newest messages that this member may see, oldest first.

    Without a share: the live conversation, in which a share stands as the message that opens it.
    Held messages are shown to their author only.
    """
    rows = _visible_to(member).exclude(handle_id__in=list(hidden))
    if share is None:
        rows = rows.filter(Q(share__isnull=True) | Q(opens_share=True))
    else:
        rows = rows.filter(share=share)
    if before is not None:
        rows = rows.filter(Q(place__lt=before.place) | Q(place=before.place, id__lt=before.id))
    return list(rows.order_by("-place", "-id")[:at_most])[::-1]


def _visible_to(member: Membership) -> QuerySet[Message]:
    return (
        Message.objects.filter(room_id=member.room_id)
        .filter(
            Q(status=Message.Status.PUBLISHED)
            | Q(status=Message.Status.REMOVED, seq__isnull=False)
            | Q(status=Message.Status.HELD, account_id=member.account_id)
        )
        .select_related("handle", "share", "room")
    )


def visible_message(member: Membership, message_id: UUID) -> Message | None:
    """A message of the member's room that they may see; none of whoever is muted or blocks them."""
    hidden = control.hidden_from(member.account_id, member.handle_id, room_id=member.room_id)
    return _visible_to(member).exclude(handle_id__in=hidden).filter(pk=message_id).first()


def shares(room: Room, *, hidden: Collection[int] = (), at_most: int = 30) -> Sequence[Message]:
    """The messages that open the room's published shares, the liveliest first."""
    rows = Message.objects.filter(
        room=room, opens_share=True, status=Message.Status.PUBLISHED
    ).exclude(handle_id__in=list(hidden))
    return list(rows.select_related("share", "handle").order_by("-share__last_seq")[:at_most])


def held_shares(member: Membership) -> Sequence[Message]:
    """The messages that open own shares and wait for a moderator, the newest first."""
    rows = _visible_to(member).filter(opens_share=True, status=Message.Status.HELD)
    return list(rows.order_by("-sent_at"))


def own_reactions(account_id: int, messages: Sequence[Message]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    rows = Reaction.objects.filter(account_id=account_id, message__in=[m.pk for m in messages])
    for message_id, kind in rows.values_list("message_id", "kind"):
        found.setdefault(message_id, set()).add(kind)
    return found


def _title(message: Message) -> str:
    return message.share.title if message.share and message.opens_share else ""


def view_of(message: Message, member: Membership, mine: dict[UUID, set[str]]) -> dict[str, Any]:
    """A message as a page shows it to this member."""
    shape = events.message_shape(message)
    is_own = message.account_id == member.account_id
    held = message.status == Message.Status.HELD
    return {
        **shape,
        "sent": message.sent_at,
        "body_html": message.body_html if held and is_own else shape["body_html"],
        "is_own": is_own,
        "is_held": held,
        "removed": None if held else shape["removed"],
        "mine": mine.get(message.pk, set()),
        "share_title": events.share_title(message) or (_title(message) if held and is_own else ""),
        "share_replies": message.share.replies if message.share else 0,
    }
