"""Tells every process, after commit, what is new in a room. A hint: the log is the record."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from django.db import transaction

from forum.chat import events
from forum.chat.events import Frame
from forum.chat.models import Event, Share


class Announcer(Protocol):
    """What a process that holds sockets does with news. All methods are safe from any thread."""

    def room_events(self, room_id: int, slug: str, frames: Sequence[Frame]) -> None: ...

    def private(self, account_id: int, frame: Mapping[str, Any]) -> None: ...

    def access_changed(self, account_id: int) -> None: ...

    def room_changed(self, room_id: int) -> None: ...

    def desk(self, room_id: int, frame: Mapping[str, Any], besides: int | None) -> None: ...


# A command or a worker holds no sockets; what it writes is found in the log by those who do.
_announcer: Announcer | None = None


def use(announcer: Announcer | None) -> None:
    """Name the hub of this process."""
    global _announcer
    _announcer = announcer


def after_commit(new: Iterable[Event]) -> None:
    """Announce these events, which are numbered already, once the transaction is through."""
    by_room: dict[tuple[int, str], list[Event]] = defaultdict(list)
    for event in _with_counts(list(new)):
        by_room[event.room_id, event.room.slug].append(event)
    for (room_id, slug), room_events in by_room.items():
        frames = [events.frame_of(event, slug) for event in room_events]
        _when_through(lambda a, r=room_id, s=slug, f=frames: a.room_events(r, s, f))


def _with_counts(new: Sequence[Event]) -> Sequence[Event]:
    """The same, with the number of replies as the database has it: it was counted there."""
    shares = [event.message.share for event in new if event.message.share is not None]
    if shares:
        rows = Share.objects.filter(pk__in={share.pk for share in shares})
        counted = dict(rows.values_list("pk", "replies"))
        for share in shares:
            share.replies = counted.get(share.pk, share.replies)
    return new


def private(account_id: int, frame: Mapping[str, Any]) -> None:
    _when_through(lambda a: a.private(account_id, frame))


def access_changed(account_id: int) -> None:
    _when_through(lambda a: a.access_changed(account_id))


def room_changed(room_id: int) -> None:
    _when_through(lambda a: a.room_changed(room_id))


def desk(room_id: int, frame: Mapping[str, Any], *, besides: int | None) -> None:
    """To who watches the room's desk, but one account."""
    _when_through(lambda a: a.desk(room_id, frame, besides))


def _when_through(tell: Callable[..., None]) -> None:
    def now() -> None:
        if _announcer is not None:
            tell(_announcer)

    transaction.on_commit(now)
