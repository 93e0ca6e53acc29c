"""Runs the engine in a thread of its own, with a deadline. Whoever calls it fails closed."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as DeadlinePassed
from typing import Protocol

from moderation.engine.types import LABELS, Action, Draft, Verdict

log = logging.getLogger(__name__)

HUNG_THREADS = 3  # a hung thread can't be ended; more than these and we wait for one to return
HUNG_SECONDS = 10.0
PATIENCE = 3.0  # seconds that a text may wait for its turn; it is no fault of the engine's
RELOAD_SECONDS = 2.0
_LABELS = frozenset(LABELS)


class Screens(Protocol):
    version: str

    def screen(self, batch: Sequence[Draft]) -> list[Verdict]: ...


class EngineDown(Exception):
    """The engine gave no usable answer; the text must be held.

    `by_a_text` is true when it answered, but wrongly: then one text of the batch may be to blame.
    """

    def __init__(self, fault: str, *, by_a_text: bool = False) -> None:
        super().__init__(fault)
        self.by_a_text = by_a_text


class _Turn:
    """One call of the engine, which says when its turn has come."""

    def __init__(self, engine: Screens, batch: Sequence[Draft]) -> None:
        self._engine, self._batch = engine, batch
        self.has_come = threading.Event()

    def __call__(self) -> list[Verdict]:
        self.has_come.set()
        return self._engine.screen(self._batch)


class Runner:
    """Loads the engine when first needed and asks it, one batch at a time.

    The deadline counts from when the engine begins on a batch: to wait behind somebody's long share
    is not held against the next text, up to PATIENCE. A call past its deadline leaves its thread
    behind. Until that thread comes back the engine counts as down; after HUNG_SECONDS a fresh
    thread is tried.
    """

    def __init__(self, load: Callable[[], Screens], *, deadline: float) -> None:
        self._load = load
        self._deadline = deadline
        self._engine: Screens | None = None
        self._load_again_at = 0.0
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="engine")
        self._late: list[tuple[float, Future[list[Verdict]]]] = []
        self.fault = "not loaded yet"

    def screen(self, batch: Sequence[Draft]) -> list[Verdict]:
        """One verdict for each draft; EngineDown when there is none to be had in time."""
        engine = self._loaded()
        self._check_not_hung()
        turn = _Turn(engine, batch)
        future = self._thread.submit(turn)
        self._wait_for(turn, future)
        try:
            verdicts = future.result(self._deadline)
        except DeadlinePassed as error:
            self._late.append((time.monotonic(), future))
            raise self._down("no answer within the deadline") from error
        except Exception as error:
            log.exception("event=engine_failed")
            raise self._down(type(error).__name__, by_a_text=True) from error
        self._check_sane(verdicts, batch)
        self.fault = ""
        return verdicts

    @property
    def version(self) -> str:
        return self._engine.version if self._engine else "none"

    def _loaded(self) -> Screens:
        with self._lock:
            if self._engine is None:
                self._engine = self._load_now()
            return self._engine

    def _load_now(self) -> Screens:
        if time.monotonic() < self._load_again_at:
            raise EngineDown(self.fault)
        try:
            return self._load()
        except Exception as error:
            self._load_again_at = time.monotonic() + RELOAD_SECONDS
            log.exception("event=engine_not_loaded")
            raise self._down(f"not loaded: {type(error).__name__}") from error

    def _wait_for(self, turn: _Turn, future: Future[list[Verdict]]) -> None:
        """Until the engine begins on it. Not for longer than PATIENCE, nor behind a text that the
        engine hangs on."""
        given_up_at = time.monotonic() + PATIENCE
        while not turn.has_come.wait(self._deadline / 4):
            is_behind_a_hung_one = any(not call.done() for _, call in self._late)
            if not is_behind_a_hung_one and time.monotonic() < given_up_at:
                continue
            if future.cancel():
                raise self._down("too much to do at once")

    def _check_not_hung(self) -> None:
        with self._lock:
            self._late = [(since, call) for since, call in self._late if not call.done()]
            if not self._late:
                return
            newest = self._late[-1][0]
            if len(self._late) > HUNG_THREADS or time.monotonic() - newest < HUNG_SECONDS:
                raise self._down("still busy with an earlier text")
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="engine")

    def _check_sane(self, verdicts: list[Verdict], batch: Sequence[Draft]) -> None:
        sane = (
            isinstance(verdicts, list)
            and len(verdicts) == len(batch)
            and all(isinstance(v, Verdict) and isinstance(v.action, Action) for v in verdicts)
            and all(0 <= score <= 1 for v in verdicts for score in v.labels.values())
            and all(v.labels.keys() <= _LABELS for v in verdicts)
        )
        if not sane:
            log.error("event=engine_nonsense batch=%s", len(batch))
            raise self._down("gave an answer that makes no sense", by_a_text=True)

    def _down(self, fault: str, *, by_a_text: bool = False) -> EngineDown:
        self.fault = fault
        return EngineDown(fault, by_a_text=by_a_text)
