"""Who is here: each process says what it sees; what it stops saying is forgotten."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from forum.chat.sockets import Line, Seat

FORGOTTEN_AFTER = 12.0  # seconds without news from a process
SAID_AGAIN_AFTER = 4.0
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Here:
    """How many accounts, and the handles that chose to be seen: their names and ids."""

    count: int
    shown: tuple[tuple[str, int], ...]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.shown]

    def without(self, hidden: Collection[int]) -> "Here":
        """The same for a reader who does not see these handles; they count all the same."""
        return Here(self.count, tuple(one for one in self.shown if one[1] not in hidden))


@dataclass(slots=True)
class Presence:
    """One room's presence over all processes."""

    reports: dict[str, tuple[Here, float]] = field(default_factory=dict)
    last_told: Here | None = None

    def hear(self, process: str, here: Here, *, now: float) -> None:
        self.reports[process] = (here, now)

    def is_news(self, process: str, here: Here, *, now: float) -> bool:
        """Whether the other processes should be told: it changed, or they may soon forget it."""
        said, at = self.reports.get(process, (None, 0.0))
        return said != here or now - at > SAID_AGAIN_AFTER

    def total(self, *, now: float) -> Here:
        self.reports = {
            process: (here, at)
            for process, (here, at) in self.reports.items()
            if now - at < FORGOTTEN_AFTER
        }
        return merged(here for here, _ in self.reports.values())


def here_in(seats: Mapping[Seat, Line]) -> Here:
    """The accounts of these seats, each counted once however many windows it has open."""
    accounts = {line.account_id for line in seats.values()}
    shown = {(seat.handle, seat.handle_id) for seat in seats if seat.shows_presence}
    return Here(len(accounts), tuple(sorted(shown)))


def merged(parts: Iterable[Here]) -> Here:
    found: Sequence[Here] = list(parts)
    shown = {one for here in found for one in here.shown}
    return Here(sum(here.count for here in found), tuple(sorted(shown)[:SHOWN]))
