"""Engines that fail, for tests of the gate (named by settings.MODERATION_ENGINE)."""

import hashlib
import os
import re
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from moderation.engine import policy
from moderation.engine.screener import Screener
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


class UnknownLabel(Throws):
    def screen(self, batch: Sequence[Draft]) -> list[Verdict]:
        verdict = Verdict(Action.ALLOW, "allow", "p", labels={"a_mood": 0.5})
        return [verdict for _ in batch]


class UnknownAction(Throws):
    def screen(self, batch: Sequence[Draft]) -> list[Verdict]:
        verdict = Verdict("wave through", "allow", "p")  # type: ignore[arg-type] # that is the fault
        return [verdict for _ in batch]


class NoVerdicts(Throws):
    def screen(self, batch: Sequence[Draft]) -> list[Verdict]:
        return [None for _ in batch]  # type: ignore[misc] # that is the fault


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


class PolicyInvalid(Throws):
    """The real engine on a policy with a rule that nobody can keep."""

    @classmethod
    def load(cls) -> "PolicyInvalid":
        broken = policy.FILE.read_text(encoding="utf-8").replace("min = 0", "min = 7", 1)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "policy.toml"
            path.write_text(broken, encoding="utf-8")
            policy.load(path)
        raise AssertionError("the policy was taken")


class DataMissing(Throws):
    @classmethod
    def load(cls) -> "DataMissing":
        policy.load(Path("/nowhere/policy.toml"))
        raise AssertionError("the policy was taken")


class ByWords(Screener):
    """The real engine, but a text that says "fault throws" (and so on) gets that fault. Those that
    take long to get over strike once: sent or screened again, it is an ordinary text."""

    def screen(self, batch: Sequence[Draft]) -> list[Verdict]:
        verdicts = super().screen(batch)
        for number, draft in enumerate(batch):
            found = re.search(r"fault ([a-z ]+)", draft.text)
            if found and not (found[1].startswith(("dies", "hangs")) and _struck(draft.text)):
                verdicts = BY_WORDS[found[1].strip()](verdicts, number)
        return verdicts


def _struck(text: str) -> bool:
    name = hashlib.sha256(text.encode()).hexdigest()
    try:
        (settings.DATA_DIR / f"struck-{name[:16]}").touch(exist_ok=False)
    except FileExistsError:
        return True
    return False


class DiesBeforeCommit(Verdict):
    """Read last of all when a text is stored, inside the transaction."""

    def __getattribute__(self, name: str) -> object:
        if name == "severity":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__getattribute__(name)


class DiesAfterCommit(Verdict):
    """Its policy is read when the verdict is stored, and once more when all is through."""

    def __getattribute__(self, name: str) -> object:
        if name == "policy":
            _policies_read.append(1)
            if len(_policies_read) > 1:
                os.kill(os.getpid(), signal.SIGKILL)
        return super().__getattribute__(name)


_policies_read: list[int] = []
Fault = Callable[[list[Verdict], int], list[Verdict]]


def _throws(verdicts: list[Verdict], number: int) -> list[Verdict]:
    raise ValueError("a detector broke")


def _hangs(verdicts: list[Verdict], number: int) -> list[Verdict]:
    threading.Event().wait(2)
    return verdicts


def _instead(made: Callable[[], object]) -> Fault:
    def fault(verdicts: list[Verdict], number: int) -> list[Verdict]:
        return [*verdicts[:number], made(), *verdicts[number + 1 :]]  # type: ignore[list-item]

    return fault


BY_WORDS: dict[str, Fault] = {
    "throws": _throws,
    "hangs": _hangs,
    "short": lambda verdicts, number: verdicts[:number],
    "nan": _instead(lambda: Verdict(Action.ALLOW, "allow", "p", labels={"threat": float("nan")})),
    "label": _instead(lambda: Verdict(Action.ALLOW, "allow", "p", labels={"a_mood": 0.5})),
    "none": _instead(lambda: None),
    "dies before commit": _instead(lambda: DiesBeforeCommit(Action.ALLOW, "allow", "p")),
    "dies after commit": _instead(lambda: DiesAfterCommit(Action.ALLOW, "allow", "p")),
}
