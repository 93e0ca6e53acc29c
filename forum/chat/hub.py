"""One hub per process: one subscription per room, the log behind it, and every socket in front.

The channel layer is a hint. Events come to the hub from the transaction that wrote them, or over
the layer from another process; a gap in their numbers, and a look at the log every second, make a
lost, late or doubled hint cost a read and never a message.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from forum import db_pool
from forum.accounts import second_factor
from forum.chat import control, events, history
from forum.chat.events import Frame
from forum.chat.feed import Feed
from forum.chat.layer import Layer
from forum.chat.presence import Here, Presence, here_in
from forum.chat.sockets import Line, Seat

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
PRESENCE_SECONDS = 1.0
CATCH_UP_PAGE = 200


class Hub:
    """Made and used in the event loop; the methods of Announcer may be called from any thread."""

    def __init__(self) -> None:
        self.process = uuid.uuid4().hex
        self.lines: set[Line] = set()
        self.feeds: dict[int, Feed] = {}
        self.presence: dict[int, Presence] = {}
        self.layer = Layer(self.process, self._heard)
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._catching_up: set[int] = set()
        self.gaps_healed = 0
        self.slow_readers = 0

    # --- start and stop --------------------------------------------------------------------------

    def start(self) -> None:
        self.keep(self._every(SWEEP_SECONDS, self._sweep))
        self.keep(self._every(PRESENCE_SECONDS, self._tell_presence))
        self.layer.start()

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.layer.stop()

    def keep(self, coroutine: Any) -> None:
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _every(self, seconds: float, work: Any) -> None:
        while True:
            try:
                await work()
            except Exception:
                logger.exception("event=hub_round_failed work=%s", work.__name__)
            await asyncio.sleep(seconds)

    # --- sockets come and go ---------------------------------------------------------------------

    def connect(self, line: Line) -> None:
        self.lines.add(line)

    def disconnect(self, line: Line) -> None:
        """Idempotent: a socket's end may be noticed twice."""
        for seat in list(line.seats.values()):
            self.leave(line, seat.room_id)
        self.lines.discard(line)

    async def join(self, line: Line, seat: Seat, after: int | None) -> None:
        """Seat a line in a room and answer room.joined. The caller has authorised it.

        The room is subscribed to first and the log read second, so that nothing falls between.
        With more to come than one page the seat is given up: the client asks for the next page.
        """
        feed = self._sit(line, seat)
        while True:
            page = await db_pool.run(
                history.page_after, seat.room_id, seat.slug, after, hidden=seat.hidden
            )
            if line.seats.get(seat.room_id) is not seat:
                return  # left, or joined again, meanwhile
            if page.more or feed.bridges(page.seq):
                break
        text = events.joined(seat.slug, page.seq, page.frames, you=seat.you(), more=page.more)
        line.outbox.put(text)
        if page.more:
            self.leave(line, seat.room_id)
            return
        feed.sit_down(seat, page.seq)
        if feed.seq is not None and feed.seq < page.seq:
            self._catch_up(feed)

    def _sit(self, line: Line, seat: Seat) -> Feed:
        self.leave(line, seat.room_id)
        feed = self.feeds.get(seat.room_id)
        if feed is None:
            feed = self.feeds[seat.room_id] = Feed(seat.room_id, seat.slug)
            self.presence[seat.room_id] = Presence()
            self.layer.subscribe(seat.room_id)
        line.seats[seat.room_id] = seat
        feed.seats[seat] = line
        return feed

    def leave(self, line: Line, room_id: int) -> None:
        seat = line.seats.pop(room_id, None)
        feed = self.feeds.get(room_id)
        if seat is None or feed is None:
            return
        feed.seats.pop(seat, None)
        if not feed.seats:
            del self.feeds[room_id]
            del self.presence[room_id]
            self.layer.unsubscribe(room_id)

    # --- news ------------------------------------------------------------------------------------

    def room_events(self, room_id: int, slug: str, frames: Sequence[Frame]) -> None:
        """Announcer: events that this process has just committed."""
        self._loop.call_soon_threadsafe(self._own_events, room_id, slug, frames)

    def _own_events(self, room_id: int, slug: str, frames: Sequence[Frame]) -> None:
        self._hand_on(room_id, frames)
        packed = [[frame.seq, frame.text, frame.handle_id] for frame in frames]
        self.layer.tell_room(room_id, {"kind": "events", "room": room_id, "frames": packed})

    def _hand_on(self, room_id: int, frames: Sequence[Frame]) -> None:
        feed = self.feeds.get(room_id)
        if feed is not None and not feed.hand_on(frames):
            self._catch_up(feed)

    def _catch_up(self, feed: Feed) -> None:
        """Read from the log what the feed lacks; one reading per room at a time."""
        if feed.seq is not None and feed.room_id not in self._catching_up:
            self._catching_up.add(feed.room_id)
            self.keep(self._read_on(feed))

    async def _read_on(self, feed: Feed) -> None:
        try:
            more = True
            while more and feed.seq is not None:
                before = feed.seq
                frames = await db_pool.run(
                    history.frames_after, feed.room_id, feed.slug, before, at_most=CATCH_UP_PAGE
                )
                self.gaps_healed += bool(frames) and feed.seq == before
                feed.hand_on(frames)
                more = len(frames) == CATCH_UP_PAGE
        finally:
            self._catching_up.discard(feed.room_id)

    def private(self, account_id: int, frame: Mapping[str, Any]) -> None:
        """Announcer: something for one account alone, on whichever socket it has."""
        self._everywhere({"kind": "private", "account": account_id, "frame": dict(frame)})

    def access_changed(self, account_id: int) -> None:
        """Announcer: what this account may do has changed."""
        self._everywhere({"kind": "access", "account": account_id})

    def room_changed(self, room_id: int) -> None:
        """Announcer: a room was closed or its members changed."""
        self._everywhere({"kind": "room", "room": room_id})

    def desk(self, room_id: int, frame: Mapping[str, Any], besides: int | None) -> None:
        """Announcer: news for the moderators of a room who are watching the desk, but one. Which
        account that is stays between processes."""
        news = {"kind": "desk", "room": room_id, "frame": dict(frame), "besides": besides}
        self._everywhere(news)

    def _everywhere(self, news: dict[str, Any]) -> None:
        def now() -> None:
            self._heard(self.process, news)
            self.layer.tell_all(news)

        self._loop.call_soon_threadsafe(now)

    def typing(self, line: Line, seat: Seat) -> None:
        text = events.encode({"type": "typing", "room": seat.slug, "handle": seat.handle})
        if feed := self.feeds.get(seat.room_id):
            feed.broadcast(text, by=seat.handle_id, besides=line)
        news = {"kind": "typing", "room": seat.room_id, "by": seat.handle_id, "text": text}
        self.layer.tell_room(seat.room_id, news)

    def _heard(self, process: str, news: Mapping[str, Any]) -> None:
        """News from another process over the layer, or from this one without it."""
        match news["kind"]:
            case "events":
                self._hand_on(news["room"], [Frame(*packed) for packed in news["frames"]])
            case "private":
                self._to_account(news["account"], events.encode(news["frame"]))
            case "access":
                self.keep(self._recheck(self._lines_of(news["account"])))
            case "room":
                self.keep(self._recheck(self._lines_in(news["room"])))
            case "desk":
                text = events.encode(news["frame"])
                self._to_desk(news["room"], text, besides=news.get("besides"))
            case "typing":
                if feed := self.feeds.get(news["room"]):
                    feed.broadcast(news["text"], by=news["by"])
            case "presence":
                if presence := self.presence.get(news["room"]):
                    here = Here(news["count"], tuple((name, pk) for name, pk in news["shown"]))
                    presence.hear(process, here, now=time.monotonic())

    def _to_account(self, account_id: int, text: str) -> None:
        for line in self._lines_of(account_id):
            line.outbox.put(text)

    def _to_desk(self, room_id: int, text: str, *, besides: int | None) -> None:
        now = time.time()
        for line in list(self.lines):
            may_hear = second_factor.still_counts(line.code_given_at, now=now)
            if room_id in line.desk_rooms and may_hear and line.account_id != besides:
                line.outbox.put(text)

    def _leave_desk(self, line: Line) -> None:
        line.desk_rooms = frozenset()
        line.outbox.put('{"type":"desk.ended"}')

    def _lines_of(self, account_id: int) -> list[Line]:
        return [line for line in self.lines if line.account_id == account_id]

    def _lines_in(self, room_id: int) -> list[Line]:
        feed = self.feeds.get(room_id)
        return list(feed.seats.values()) if feed else []

    # --- every second: the log and the rights, should a hint have been lost ----------------------

    async def _sweep(self) -> None:
        lines = list(self.lines)  # who comes while the database is asked was checked just now
        if not lines:
            return
        look = control.Look(
            rooms=tuple(self.feeds),
            accounts=tuple({line.account_id for line in lines}),
            sessions=tuple({line.session_key for line in lines}),
            watchers=tuple({line.account_id for line in lines if line.desk_rooms}),
        )
        seen = await db_pool.run(control.look, look)
        suspects: list[Line] = []
        for room_id, (seq, version) in seen.rooms.items():
            suspects += self._swept_room(room_id, seq, version)
        self._sweep_desk(lines, seen.second_factors)
        for line in lines:
            if line.session_key not in seen.sessions:
                line.hang_up(control.SIGNED_OUT)
            elif line.ends_at < time.monotonic():
                line.hang_up(control.OLD)
            elif seen.accounts.get(line.account_id) != line.access_version:
                suspects.append(line)
        await self._recheck(suspects)

    def _sweep_desk(self, lines: Sequence[Line], second_factors: Collection[int]) -> None:
        """Who watches the desk has a second factor, and gave a code of it not too long ago."""
        now = time.time()
        for line in lines:
            counts = second_factor.still_counts(line.code_given_at, now=now)
            if line.desk_rooms and not (counts and line.account_id in second_factors):
                self._leave_desk(line)

    def _swept_room(self, room_id: int, seq: int, version: int) -> list[Line]:
        feed = self.feeds.get(room_id)
        if feed is None:
            return []
        if feed.seq is not None and seq > feed.seq:
            self._catch_up(feed)
        if feed.access_version == version:
            return []
        # Also at first: the room may have changed since the first seat in it was authorised.
        feed.access_version = version
        return list(feed.seats.values())

    async def _recheck(self, lines: Sequence[Line]) -> None:
        """Read the rights of these lines anew: hang up, or take away the rooms that are lost."""
        wanted = {line.account_id for line in lines}
        if not wanted:
            return
        standings = await db_pool.run(control.standings, wanted)
        sessions = await db_pool.run(control.live_sessions, {line.session_key for line in lines})
        for line in set(lines):
            standing = standings.get(line.account_id)
            if standing is None:
                line.hang_up(control.BANNED)
            elif line.session_key not in sessions:
                line.hang_up(control.SIGNED_OUT)
            else:
                self._apply(line, standing)

    def _apply(self, line: Line, standing: control.Standing) -> None:
        line.access_version = standing.access_version
        if line.desk_rooms and not standing.desk_rooms:
            self._leave_desk(line)
        elif line.desk_rooms:
            line.desk_rooms = standing.desk_rooms
        for room_id, seat in list(line.seats.items()):
            now = standing.rooms.get(room_id)
            if now is None:
                self.leave(line, room_id)
                line.outbox.put(events.encode({"type": "room.left", "room": seat.slug}))
                continue
            seat.hidden = now.hidden  # told to nobody: a frame now would say "you were blocked"
            if (now.role, now.can_write) != (seat.role, seat.can_write):
                seat.role, seat.can_write, seat.until = now.role, now.can_write, now.until
                frame = {"type": "room.changed", "room": seat.slug, "you": seat.you()}
                line.outbox.put(events.encode(frame))

    # --- who is here -----------------------------------------------------------------------------

    async def _tell_presence(self) -> None:
        now = time.monotonic()
        for room_id, feed in list(self.feeds.items()):
            here = here_in({s: line for s, line in feed.seats.items() if s.is_live})
            presence = self.presence[room_id]
            self._report_presence(room_id, presence, here, now)
            total = presence.total(now=now)
            if total != presence.last_told:
                presence.last_told = total
                self._give_presence(feed, total)

    def _give_presence(self, feed: Feed, total: Here) -> None:
        ids = {pk for _, pk in total.shown}
        for_most = self._presence_frame(feed.slug, total)

        def text_for(seat: Seat) -> str:
            if ids.isdisjoint(seat.hidden):
                return for_most
            return self._presence_frame(feed.slug, total.without(seat.hidden))

        feed.give_each(text_for)

    def _report_presence(self, room_id: int, presence: Presence, here: Here, now: float) -> None:
        if presence.is_news(self.process, here, now=now):
            news = {"kind": "presence", "room": room_id, "count": here.count, "shown": here.shown}
            self.layer.tell_room(room_id, news)
            presence.hear(self.process, here, now=now)

    @staticmethod
    def _presence_frame(slug: str, here: Here) -> str:
        shape = {"type": "presence", "room": slug, "count": here.count, "handles": here.names}
        return events.encode(shape)

    def presence_frame(self, seat: Seat) -> str | None:
        """What a newly joined socket is told of who is here."""
        presence = self.presence.get(seat.room_id)
        if presence is None or presence.last_told is None:
            return None
        return self._presence_frame(seat.slug, presence.last_told.without(seat.hidden))
