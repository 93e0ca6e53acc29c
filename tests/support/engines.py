"""Engines that fail, for tests of the gate (named by settings.MODERATION_ENGINE)."""

import threading
from collections.abc import Sequence

from moderation.engine.types import Action, Draft, Verdict


class Throws:
    version = "throws"

    @classmethod
    def load(cls) -> "Throws":
        return cls()

    def screen(self, batch: Sequence[Draft]) -> list[Verdict]:
        raise ValueError("a detector broke")


class Hangs(Throws):
    released = threading.Event()

    def screen(self, batch: Sequence[Draft]) -> list[Verdict]:
        self.released.wait(30)
        return []


class Short(Throws):
    def screen(self, batch: Sequence[Draft]) -> list[Verdict]:
        return []


class NotANumber(Throws):
    def screen(self, batch: Sequence[Draft]) -> list[Verdict]:
        verdict = Verdict(Action.ALLOW, "allow", "p", labels={"toxicity": float("nan")})
        return [verdict for _ in batch]


class Poisoned(Throws):
    """Chokes on one text and answers all others."""

    def screen(self, batch: Sequence[Draft]) -> list[Verdict]:
        if any("poison" in draft.text for draft in batch):
            raise ValueError("choked")
        return [Verdict(Action.ALLOW, "allow", "p") for _ in batch]


class CannotLoad(Throws):
    @classmethod
    def load(cls) -> "CannotLoad":
        raise FileNotFoundError("model missing")
