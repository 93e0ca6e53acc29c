"""Token buckets and growing delays: how often somebody may do something."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

KEPT = 20_000  # buckets; the least recently used go first, so that no table grows without bound


@dataclass(slots=True)
class _Level:
    tokens: float
    at: float


class Buckets:
    """One bucket of `burst` tokens per key, refilled by `per_second`.

    Kept in this process: with several web processes each holds its own share of the traffic.
    """

    def __init__(
        self, *, burst: float, per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.burst = burst
        self.per_second = per_second
        self._clock = clock
        self._levels: OrderedDict[Hashable, _Level] = OrderedDict()

    def take(self, key: Hashable) -> bool:
        """Take one token; False when the bucket is empty."""
        level = self._refilled(key)
        if level.tokens < 1:
            return False
        level.tokens -= 1
        return True

    def seconds_left(self, key: Hashable) -> int:
        """Whole seconds until the next token."""
        return max(1, round((1 - self._refilled(key).tokens) / self.per_second))

    def _refilled(self, key: Hashable) -> _Level:
        now = self._clock()
        level = self._levels.get(key)
        if level is None:
            level = self._levels[key] = _Level(self.burst, now)
            if len(self._levels) > KEPT:
                self._levels.popitem(last=False)
        self._levels.move_to_end(key)
        level.tokens = min(self.burst, level.tokens + (now - level.at) * self.per_second)
        level.at = now
        return level


class Delays:
    """Some tries at once, then a wait before each that grows up to `longest` seconds: never a wall
    that a stranger could keep up in front of somebody's door. Kept in this process, as Buckets."""

    def __init__(
        self,
        *,
        free: int,
        first: float,
        longest: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.free = free
        self.first = first
        self.longest = longest
        self._clock = clock
        self._levels: OrderedDict[Hashable, tuple[int, float]] = OrderedDict()

    def take(self, key: Hashable) -> bool:
        """Take one try; False when it comes too early. One that is refused lengthens nothing."""
        now = self._clock()
        tries, last = self._levels.get(key, (0, now))
        if now - last > 24 * self.longest:
            tries = 0
        elif now - last < self._wait(tries):
            return False
        self._levels[key] = (tries + 1, now)
        self._levels.move_to_end(key)
        if len(self._levels) > KEPT:
            self._levels.popitem(last=False)
        return True

    def forget(self, key: Hashable) -> None:
        self._levels.pop(key, None)

    def _wait(self, tries: int) -> float:
        if tries < self.free:
            return 0.0
        return min(self.longest, self.first * 2.0 ** min(tries - self.free, 30))
