"""The numbered log of each room: giving out numbers, and reading what is new."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, QuerySet

from forum.chat.models import Event, Message
from forum.rooms.models import Room

PAGE = 50


def lock_rooms(room_ids: Iterable[int]) -> dict[int, Room]:
    """The rooms, locked until the transaction ends; in one order, so that none waits for ever."""
    rows = Room.objects.select_for_update().filter(pk__in=set(room_ids)).order_by("pk")
    return {room.pk: room for room in rows}


def append(room: Room, kind: str, message: Message, *, at: datetime) -> Event:
    """The next event of a room that the caller has locked. The caller saves it."""
    room.seq += 1
    return Event(room=room, seq=room.seq, kind=kind, message=message, at=at)


def append_one(room_id: int, kind: str, message: Message, *, at: datetime) -> Event:
    """Lock the room, number one event and store it, in the caller's transaction."""
    room = lock_rooms([room_id])[room_id]
    event = append(room, kind, message, at=at)
    event.save(force_insert=True)
    save_seq([room])
    return event


def save_seq(rooms: Iterable[Room]) -> None:
    for room in rooms:
        Room.objects.filter(pk=room.pk).update(seq=room.seq)


def events_after(room_id: int, seq: int, *, at_most: int = PAGE) -> Sequence[Event]:
    """The next events after seq, oldest first, with all that their wire shape needs."""
    return list(_events(room_id).filter(seq__gt=seq).order_by("seq")[:at_most])


def newest_events(room_id: int, *, at_most: int = PAGE) -> Sequence[Event]:
    return list(_events(room_id).order_by("-seq")[:at_most])[::-1]


def current_seqs(room_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """For each room its newest seq and its access version."""
    rows = Room.objects.filter(pk__in=room_ids).values_list("pk", "seq", "access_version")
    return {pk: (seq, version) for pk, seq, version in rows}


def bump_access(room_id: int) -> None:
    Room.objects.filter(pk=room_id).update(access_version=F("access_version") + 1)


def _events(room_id: int) -> QuerySet[Event]:
    return Event.objects.filter(room_id=room_id).select_related("message__handle", "message__share")
