"""What the hub knows of each connected socket."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from forum.chat.outbox import Outbox


@dataclass(slots=True, eq=False)
class Seat:
    """One socket in one room. `seq` is the newest event it has been sent."""

    room_id: int
    slug: str
    handle_id: int
    handle: str
    role: str
    shows_presence: bool
    hidden: frozenset[int]
    can_write: bool = True
    until: datetime | None = None  # when a mute or suspension ends
    seq: int = 0
    is_live: bool = False

    def you(self) -> dict[str, Any]:
        """What its owner is told of themselves here."""
        return {
            "handle": self.handle,
            "role": self.role,
            "can_write": self.can_write,
            "until": self.until.isoformat(timespec="seconds") if self.until else None,
        }


@dataclass(slots=True, eq=False)
class Line:
    """One connected socket and the rooms it sits in."""

    account_id: int
    session_key: str  # as stored: hashed
    access_version: int
    exempt: bool
    ends_at: float  # of the monotonic clock: no socket is open for ever
    outbox: Outbox
    hang_up: Callable[[int], None]
    seats: dict[int, Seat] = field(default_factory=dict)
    desk_rooms: frozenset[int] = frozenset()  # whose desk it watches
    code_given_at: float = 0.0  # of the wall clock: the second factor behind desk_rooms
