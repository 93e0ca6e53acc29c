"""The wire shape of everything a client hears about a room. Written once, here."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from forum.chat.models import Event, Message


class MessageShape(TypedDict):
    """A message as others see it. An empty `body_html` with `removed` says that it was removed.

    `place` orders a conversation: by place, then by id. It equals the event's seq, but for a
    message that was held and released it is where the room had got to when it was written.
    """

    id: str
    handle: str
    role: str
    body_html: str
    sent_at: str
    share: str | None
    content_note: str | None
    correction: dict[str, Any] | None
    place: int
    edited_at: str | None
    removed: str | None
    reactions: dict[str, int]


class ShareShape(TypedDict):
    """The share that an event is about; `title` only with the message that opens it."""

    id: str
    replies: int
    title: NotRequired[str]


class EventShape(TypedDict):
    type: str
    room: str
    seq: int
    message: NotRequired[MessageShape]
    share: NotRequired[ShareShape]


@dataclass(frozen=True, slots=True)
class Frame:
    """One event, encoded once for everybody; `handle_id` is its author's, for mutes and blocks."""

    seq: int
    text: str
    handle_id: int


def frame_of(event: Event, room_slug: str) -> Frame:
    """The encoded event. The message, its handle and its share must have been fetched with it."""
    return Frame(
        seq=event.seq,
        text=encode(shape_of(event, room_slug)),
        handle_id=event.message.handle_id,
    )


def shape_of(event: Event, room_slug: str) -> EventShape:
    shape: EventShape = {"type": event.kind, "room": room_slug, "seq": event.seq}
    message = event.message
    shape["message"] = message_shape(message)
    if message.share is not None:
        shape["share"] = {"id": str(message.share_id), "replies": message.share.replies}
        if message.opens_share:
            shape["share"]["title"] = share_title(message)
    return shape


def message_shape(message: Message) -> MessageShape:
    """What everybody in the room may know of a published or removed message."""
    visible = message.status == Message.Status.PUBLISHED
    return {
        "id": str(message.id),
        "handle": message.handle.name,
        "role": message.role,
        "body_html": message.body_html if visible else "",
        "sent_at": wire_time(message.sent_at),
        "share": str(message.share_id) if message.share_id else None,
        "content_note": message.content_note or None,
        "correction": message.correction if visible else None,
        "place": message.place,
        "edited_at": wire_time(message.edited_at) if message.edited_at else None,
        "removed": None if visible else (message.removed_by or "moderator"),
        "reactions": message.reactions if visible else {},
    }


def hidden(room_slug: str, seq: int) -> str:
    """What a reader gets in place of an event by a handle that they muted: only its number."""
    return encode({"type": "event.hidden", "room": room_slug, "seq": seq})


def ack(message: Message) -> dict[str, Any]:
    """The answer to message.send: the first one, whatever happened to the message since."""
    return {
        "type": "message.ack",
        "client_id": str(message.client_id),
        "message_id": str(message.id),
        "place": message.place,
        **message.answer,
    }


def error(code: str, detail: str, *, client_id: UUID | str | None = None) -> dict[str, Any]:
    frame: dict[str, Any] = {"type": "error", "code": code, "detail": detail}
    if client_id is not None:
        frame["client_id"] = str(client_id)
    return frame


def encode(shape: Any) -> str:
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def joined(
    room_slug: str, seq: int, frames: Sequence[str], *, you: dict[str, Any], more: bool
) -> str:
    """room.joined, built around events that are encoded already."""
    head = encode({"type": "room.joined", "room": room_slug, "seq": seq, "you": you, "more": more})
    return f'{head[:-1]},"events":[{",".join(frames)}]}}'


def wire_time(moment: datetime) -> str:
    """ISO 8601 in UTC to the second: a finer time would help to join up one person's rooms."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def share_title(message: Message) -> str:
    """The title that everybody may see above this message: of a share that it opens, while out."""
    is_out = message.status == Message.Status.PUBLISHED
    return message.share.title if is_out and message.opens_share and message.share else ""
