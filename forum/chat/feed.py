"""One room as this process sees it: its seats, and how far its log has been handed on.

Pure bookkeeping, no I/O: events go in, the frames for each seat come out in order and once.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from forum.chat import events
from forum.chat.events import Frame
from forum.chat.sockets import Line, Seat

REMEMBERED = 256


@dataclass(slots=True)
class Feed:
    """`seq` is the newest event that was handed to the live seats; None until one was read."""

    room_id: int
    slug: str
    access_version: int = 0
    seq: int | None = None
    seats: dict[Seat, Line] = field(default_factory=dict)
    recent: deque[Frame] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def hand_on(self, frames: Sequence[Frame]) -> bool:
        """Give new frames to every live seat. False when one is missing before them."""
        for frame in frames:
            if self.seq is None or frame.seq <= self.seq:
                continue
            if frame.seq > self.seq + 1:
                return False
            self.seq = frame.seq
            self.recent.append(frame)
            self._give(frame)
        return True

    def bridges(self, read_to: int) -> bool:
        """Whether a seat that has read so far misses nothing that is not remembered here."""
        if self.seq is None or self.seq <= read_to:
            return True
        return bool(self.recent) and self.recent[0].seq <= read_to + 1

    def sit_down(self, seat: Seat, read_to: int) -> None:
        """Make a seat live that has been sent everything up to read_to, with bridges() true."""
        if self.seq is None or (self.seq < read_to and not self._has_live()):
            self.seq = read_to
            self.recent.clear()
        seat.seq = read_to
        for frame in self.recent:
            if frame.seq > read_to:
                self._put(seat, self.seats[seat], frame)
        seat.is_live = True

    def _has_live(self) -> bool:
        return any(seat.is_live for seat in self.seats)

    def _give(self, frame: Frame) -> None:
        for seat, line in list(self.seats.items()):
            if seat.is_live and frame.seq > seat.seq:
                self._put(seat, line, frame)

    def _put(self, seat: Seat, line: Line, frame: Frame) -> None:
        seat.seq = frame.seq
        if frame.handle_id in seat.hidden:
            line.outbox.put(events.hidden(self.slug, frame.seq))
        else:
            line.outbox.put(frame.text)

    def broadcast(self, text: str, *, by: int, besides: Line | None = None) -> None:
        """A frame of this handle that is not in the log: whoever misses it misses nothing."""
        for seat, line in list(self.seats.items()):
            if seat.is_live and line is not besides and by not in seat.hidden:
                line.outbox.put(text)

    def give_each(self, text_for: Callable[[Seat], str]) -> None:
        """To every live seat what it may know."""
        for seat, line in list(self.seats.items()):
            if seat.is_live:
                line.outbox.put(text_for(seat))
