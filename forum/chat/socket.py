"""One socket for all rooms of a browser: frames in, frames out, no rule of the business."""

import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from forum import db_pool
from forum.accounts import second_factor
from forum.accounts.models import Account
from forum.accounts.sessions import SessionStore, stored_key
from forum.chat import (
    control,
    editing,
    events,
    frames,
    joining,
    pace,
    reacting,
    reporting,
    runtime,
)
from forum.chat.models import Message
from forum.chat.outbox import Outbox
from forum.chat.postbox import try_again
from forum.chat.posting import Post
from forum.chat.sockets import Line, Seat
from forum.errors import Refused, not_found
from forum.limits import Buckets

log = logging.getLogger(__name__)

MOST_MALFORMED = 10
MOST_ROOMS = 60
FRAMES = Buckets(burst=120, per_second=20)
CONNECTS = Buckets(burst=30, per_second=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who opened the socket, as the database says at the handshake."""

    account: Account
    session_key: str


class RoomsSocket(AsyncConsumer):  # type: ignore[misc] # channels is not typed
    """States: connecting (only websocket.connect), open (frames), closed (nothing more is sent)."""

    # The hub has the one channel of this process; one per socket would be a subscription each.
    channel_layer_alias = "none"

    def __init__(self) -> None:
        self.line: Line | None = None
        self.malformed = 0

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels' own dispatch visits a thread per frame, to tidy connections we don't use."""
        match message["type"]:
            case "websocket.connect":
                await self._connect()
            case "websocket.receive":
                await self._receive(message)
            case "websocket.disconnect":
                self._disconnect()
                raise StopConsumer

    # --- connecting ------------------------------------------------------------------------------

    async def _connect(self) -> None:
        await self.base_send({"type": "websocket.accept"})
        caller = await db_pool.run(caller_of, self.scope)
        if caller is None:
            await self._refuse(control.SIGNED_OUT)
            return
        line = self._line(caller)
        if not self._has_room_for(line):
            await self._refuse(control.TOO_MANY)
            return
        self.line = line
        runtime.hub().connect(line)

    def _line(self, caller: Caller) -> Line:
        line = Line(
            account_id=caller.account.pk,
            session_key=caller.session_key,
            access_version=caller.account.access_version,
            exempt=caller.account.for_load_tests,
            ends_at=time.monotonic() + _life(),
            outbox=Outbox(self.base_send, on_overflow=self._overflow),
            hang_up=self._hang_up,
        )
        return line

    def _has_room_for(self, line: Line) -> bool:
        if line.exempt:
            return True
        lines = runtime.hub().lines
        same_session = sum(other.session_key == line.session_key for other in lines)
        same_account = sum(other.account_id == line.account_id for other in lines)
        return (
            same_session < settings.SOCKETS_PER_SESSION
            and same_account < settings.SOCKETS_PER_ACCOUNT
            and CONNECTS.take(line.account_id)
        )

    async def _refuse(self, code: int) -> None:
        await self.base_send({"type": "websocket.close", "code": code})

    # --- frames ----------------------------------------------------------------------------------

    async def _receive(self, message: dict[str, Any]) -> None:
        line = self.line
        if line is None or line.outbox.is_closed:
            return
        text = message.get("text") or ""
        if not line.exempt and not FRAMES.take(line):
            self._hang_up(control.TOO_MANY)
            return
        try:
            await self._handle(line, frames.parse(text))
        except frames.Malformed as refused:
            self._answer_error(line, refused, text)
            self.malformed += 1
            if self.malformed >= MOST_MALFORMED:
                self._hang_up(control.MALFORMED)
        except Refused as refused:
            self._answer_error(line, refused, text)
        except TimeoutError:
            self._answer_error(line, try_again(), text)
        except Exception:
            log.exception("event=socket_failed")
            self._answer_error(line, try_again(), text)
            self._hang_up(1011)

    async def _handle(self, line: Line, frame: frames.Frame) -> None:
        await _HANDLERS[type(frame)](line, frame)

    @staticmethod
    def _answer_error(line: Line, refused: Refused, text: str) -> None:
        shape = events.error(refused.code, refused.detail, client_id=frames.client_id_in(text))
        line.outbox.put(events.encode(shape))

    # --- closing ---------------------------------------------------------------------------------

    def _overflow(self) -> None:
        runtime.hub().slow_readers += 1
        self._hang_up(control.SLOW_READER)

    def _hang_up(self, code: int) -> None:
        """Stop sending, leave every room, and close; safe to call twice and from any callback."""
        if self.line is None:
            return
        line, self.line = self.line, None
        line.outbox.close()
        runtime.hub().disconnect(line)
        runtime.hub().keep(self._close(code))

    async def _close(self, code: int) -> None:
        try:
            await self.base_send({"type": "websocket.close", "code": code})
        except OSError:
            return  # the client was gone before us

    def _disconnect(self) -> None:
        if self.line is not None:
            self.line.outbox.close()
            runtime.hub().disconnect(self.line)
            self.line = None


def caller_of(scope: dict[str, Any]) -> Caller | None:
    """The signed-in account of a handshake; None for anybody else."""
    cookies = parse_cookie(_header(scope, b"cookie"))
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.session = SessionStore(key)
    account = get_user(request)
    if not isinstance(account, Account) or not account.is_active:
        return None
    return Caller(account, stored_key(key))


def _life() -> float:
    """For how many seconds a socket may stay open; not all of a busy hour end in one."""
    return settings.SOCKET_SECONDS * random.uniform(0.9, 1.0)  # noqa: S311 - nothing to guess


def _header(scope: dict[str, Any], name: bytes) -> str:
    found = [value for key, value in scope["headers"] if key == name]
    return b"; ".join(found).decode("latin-1")


# --- one small function per frame ----------------------------------------------------------------


def _seat(line: Line, slug: str) -> Seat:
    """The seat that this socket has in the room; it must have joined first."""
    for seat in line.seats.values():
        if seat.slug == slug:
            return seat
    raise Refused("not_joined", "Join the room first.")


def _take(line: Line, bucket: Buckets) -> None:
    if not line.exempt:
        pace.check(line.account_id, bucket)


async def _join(line: Line, frame: frames.RoomJoin) -> None:
    if len(line.seats) >= MOST_ROOMS:
        raise Refused("too_many_rooms", "Leave a room before you join another one.")
    seat = await db_pool.run(joining.seat_for, line.account_id, frame.room)
    await runtime.hub().join(line, seat, frame.after)
    if presence := runtime.hub().presence_frame(seat):
        line.outbox.put(presence)


async def _leave(line: Line, frame: frames.RoomLeave) -> None:
    runtime.hub().leave(line, _seat(line, frame.room).room_id)


async def _read(line: Line, frame: frames.RoomRead) -> None:
    seat = _seat(line, frame.room)
    await db_pool.run(joining.mark_read, line.account_id, seat.room_id, min(frame.seq, seat.seq))


async def _send(line: Line, frame: frames.MessageSend) -> None:
    _take(line, pace.WORDS)
    wanted = Post(
        account_id=line.account_id,
        room_slug=frame.room,
        body=frame.body,
        client_id=frame.client_id,
        share_id=frame.share,
        content_note=frame.content_note or "",
        nudged=frame.nudged,
    )
    answer = await runtime.postbox().post(wanted)
    if isinstance(answer, Refused):
        raise answer
    line.outbox.put(events.encode(events.ack(answer)))


async def _edit(line: Line, frame: frames.MessageEdit) -> None:
    _take(line, pace.WORDS)
    message = await db_pool.run(
        editing.edit, line.account_id, frame.room, frame.message_id, frame.body
    )
    _ack(line, frame.message_id, edited=message.status == Message.Status.PUBLISHED)


async def _delete(line: Line, frame: frames.MessageDelete) -> None:
    _take(line, pace.SIGNS)
    await db_pool.run(editing.delete, line.account_id, frame.room, frame.message_id)
    _ack(line, frame.message_id, deleted=True)


async def _report(line: Line, frame: frames.MessageReport) -> None:
    _take(line, pace.WORDS)
    await db_pool.run(
        reporting.report,
        line.account_id,
        frame.room,
        frame.message_id,
        reason=frame.reason,
        note=frame.note,
    )
    _ack(line, frame.message_id, reported=True)


async def _react(line: Line, frame: frames.ReactionSet) -> None:
    _take(line, pace.SIGNS)
    await db_pool.run(
        reacting.set_reaction,
        line.account_id,
        frame.room,
        frame.message_id,
        kind=frame.kind,
        on=frame.on,
    )
    _ack(line, frame.message_id, kind=frame.kind, on=frame.on)


def _ack(line: Line, message_id: Any, **facts: Any) -> None:
    line.outbox.put(events.encode({"type": "ack", "message_id": str(message_id), **facts}))


async def _typing(line: Line, frame: frames.Typing) -> None:
    _take(line, pace.SIGNS)
    seat = _seat(line, frame.room)
    if seat.can_write:
        runtime.hub().typing(line, seat)


async def _presence(line: Line, frame: frames.Presence) -> None:
    _take(line, pace.SIGNS)
    seat = _seat(line, frame.room)
    await db_pool.run(joining.show_presence, line.account_id, seat.room_id, frame.visible)
    seat.shows_presence = frame.visible


async def _ping(line: Line, frame: frames.Ping) -> None:
    line.outbox.put('{"type":"pong"}')


async def _watch_desk(line: Line, frame: frames.DeskWatch) -> None:
    """The session is asked anew: the code may have been given since the socket was opened."""
    rooms, given_at = await db_pool.run(joining.desk_for, line.account_id, line.session_key)
    if not rooms or not second_factor.still_counts(given_at, now=time.time()):
        raise not_found()
    line.desk_rooms, line.code_given_at = rooms, given_at
    line.outbox.put('{"type":"desk.watching"}')


_HANDLERS: dict[type, Callable[[Line, Any], Awaitable[None]]] = {
    frames.RoomJoin: _join,
    frames.RoomLeave: _leave,
    frames.RoomRead: _read,
    frames.MessageSend: _send,
    frames.MessageEdit: _edit,
    frames.MessageDelete: _delete,
    frames.MessageReport: _report,
    frames.ReactionSet: _react,
    frames.Typing: _typing,
    frames.Presence: _presence,
    frames.Ping: _ping,
    frames.DeskWatch: _watch_desk,
}
