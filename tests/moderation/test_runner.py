"""One engine, many callers: whose turn it is, and for what nobody has to answer."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from moderation import runner
from moderation.engine.types import Action, Draft, Verdict
from moderation.runner import EngineDown, Runner

FINE = Verdict(Action.ALLOW, "allow", "p")


class Slow:
    """Takes its time over each batch, but less than the deadline."""

    version = "slow"

    def screen(self, batch):
        time.sleep(0.2)
        return [FINE for _ in batch]


class HangsOnOne:
    version = "hangs on one"

    def __init__(self):
        self.released = threading.Event()

    def screen(self, batch):
        if batch[0].text == "poison":
            self.released.wait(30)
        return [FINE for _ in batch]


def test_waiting_behind_others_does_not_count_against_the_deadline():
    asked = Runner(Slow, deadline=0.5)
    asked.screen([Draft("first")])
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda n: asked.screen([Draft(f"share {n}")]), range(6)))
    assert found == [[FINE]] * 6
    assert not asked.fault


def test_who_waited_too_long_is_refused_and_their_text_is_not_judged_later(monkeypatch):
    monkeypatch.setattr(runner, "PATIENCE", 0.3)
    asked = Runner(Slow, deadline=0.4)

    def screen(n):
        try:
            return asked.screen([Draft(str(n))])
        except EngineDown as down:
            return str(down)

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(screen, range(6)))
    assert [FINE] in found
    assert "too much to do at once" in found
    assert asked.screen([Draft("later")]) == [FINE]


def test_nobody_waits_behind_a_text_that_the_engine_hangs_on():
    engine = HangsOnOne()
    asked = Runner(lambda: engine, deadline=0.2)
    with ThreadPoolExecutor(2) as pool:
        hung = pool.submit(asked.screen, [Draft("poison")])
        time.sleep(0.05)
        began = time.monotonic()
        with pytest.raises(EngineDown, match="too much to do"):
            asked.screen([Draft("behind it")])
        waited = time.monotonic() - began
        with pytest.raises(EngineDown, match="deadline"):
            hung.result()
    engine.released.set()
    assert waited < runner.PATIENCE
