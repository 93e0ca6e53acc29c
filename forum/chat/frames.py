"""Frames from the client: a closed table of shapes, parsed strictly at the edge."""

import json
import re
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any
from uuid import UUID

from forum.errors import Refused

MOST_BYTES = 16_384
MOST_KEYS = 20
LARGEST_NUMBER = 2**53
WORDS = ("body", "note")  # what people write; about odd characters in it they get a sentence
_UNWRITABLE = re.compile(r"[\x00\ud800-\udfff]")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class RoomJoin:
    room: str
    after: int | None = None


@dataclass(frozen=True, slots=True)
class RoomLeave:
    room: str


@dataclass(frozen=True, slots=True)
class RoomRead:
    room: str
    seq: int


@dataclass(frozen=True, slots=True)
class MessageSend:
    room: str
    client_id: UUID
    body: str
    share: UUID | None = None
    content_note: str | None = None
    nudged: UUID | None = None


@dataclass(frozen=True, slots=True)
class MessageEdit:
    room: str
    message_id: UUID
    body: str


@dataclass(frozen=True, slots=True)
class MessageDelete:
    room: str
    message_id: UUID


@dataclass(frozen=True, slots=True)
class MessageReport:
    room: str
    message_id: UUID
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReactionSet:
    room: str
    message_id: UUID
    kind: str
    on: bool


@dataclass(frozen=True, slots=True)
class Typing:
    room: str


@dataclass(frozen=True, slots=True)
class Presence:
    room: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Ping:
    pass


@dataclass(frozen=True, slots=True)
class DeskWatch:
    pass


Frame = (
    RoomJoin
    | RoomLeave
    | RoomRead
    | MessageSend
    | MessageEdit
    | MessageDelete
    | MessageReport
    | ReactionSet
    | Typing
    | Presence
    | Ping
    | DeskWatch
)

SHAPES: dict[str, type[Frame]] = {
    "room.join": RoomJoin,
    "room.leave": RoomLeave,
    "room.read": RoomRead,
    "message.send": MessageSend,
    "message.edit": MessageEdit,
    "message.delete": MessageDelete,
    "message.report": MessageReport,
    "reaction.set": ReactionSet,
    "typing": Typing,
    "presence": Presence,
    "ping": Ping,
    "desk.watch": DeskWatch,
}


class Malformed(Refused):
    """A frame that no honest client sends; repeated ones close the socket."""

    def __init__(self, detail: str) -> None:
        super().__init__("malformed", detail)


def parse(text: str) -> Frame:
    """The frame in the text. Raises Malformed, and never anything else."""
    values = _object(text)
    kind = values.pop("type", None)
    shape = SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise Malformed("Unknown type of frame.")
    wanted = {f.name: f for f in fields(shape)}
    if unknown := set(values) - set(wanted):
        raise Malformed(f"Unknown key: {sorted(unknown)[0][:40]!r}.")
    return shape(**{name: _value(f, values) for name, f in wanted.items()})


def client_id_in(text: str) -> str | None:
    """The client_id of a refused frame, so that its sender knows which one it was."""
    try:
        values = _object(text)
    except Malformed:
        return None
    found = values.get("client_id")
    return found if isinstance(found, str) and len(found) <= 36 and found.isascii() else None


def _object(text: str) -> dict[str, Any]:
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise Malformed("The frame is larger than 16 KiB.")
    try:
        values = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_pairs)
    except (ValueError, RecursionError) as error:
        raise Malformed("The frame is not a JSON object.") from error
    if not isinstance(values, dict):
        raise Malformed("The frame is not a JSON object.")
    return values


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_KEYS or len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("too many keys, or one twice")
    return dict(pairs)


def _value(wanted: Field[Any], values: dict[str, Any]) -> Any:
    if wanted.name not in values:
        if wanted.default is MISSING:
            raise Malformed(f"The frame lacks {wanted.name!r}.")
        return wanted.default
    value = values[wanted.name]
    if value is None and wanted.default is None:
        return None
    return _CHECKS[_base(wanted.type)](wanted.name, value)


def _base(annotation: Any) -> type:
    """The type itself of `T` and of `T | None`."""
    options = [t for t in getattr(annotation, "__args__", (annotation,)) if t is not type(None)]
    found: type = options[0]
    return found


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed(f"{name!r} must be text.")
    if name not in WORDS and _UNWRITABLE.search(value):
        raise Malformed(f"{name!r} has a character that can't be written.")
    return value


def _number(name: str, value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_NUMBER:
        raise Malformed(f"{name!r} must be a whole number from 0.")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Malformed(f"{name!r} must be true or false.")
    return value


def _uuid(name: str, value: Any) -> UUID:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise Malformed(f"{name!r} must be a UUID.")
    return UUID(value)


_CHECKS = {str: _text, int: _number, bool: _flag, UUID: _uuid}
