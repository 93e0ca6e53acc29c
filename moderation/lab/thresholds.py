"""Where each rule of the policy takes the trained model's word: chosen on dev, for a stated price.

The thresholds of all rules are lowered together, each time the one whose step finds most harm for
what it flags of what must pass, until the price is reached.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from moderation.engine.policy import Policy, Rule
from moderation.engine.types import LEARNED, Draft
from moderation.lab.evaluation import HELD, Judged
from moderation.lab.rows import Row

LEAST = 0.3  # a probability below this is nothing to act on, whatever it would find on dev
LEAST_GAIN = 1.0  # messages of harm that a step must find for each that it flags wrongly
OTHER = 0.3  # what harm counts that is found under another name
STEPS = 48  # thresholds that are looked at for a rule at a time
NEVER = 1.01


@dataclass(frozen=True, slots=True)
class Price:
    """What of dev's messages that must pass may be flagged (look-alikes; ordinary talk) or held."""

    lookalikes: float = 0.03
    ordinary: float = 0.012
    ordinary_held: float = 0.004


@dataclass(frozen=True, slots=True)
class Chosen:
    thresholds: Mapping[str, float]
    harm_found: float
    lookalikes_flagged: float
    ordinary_flagged: float
    ordinary_held: float


def choose(judged: Sequence[Judged], rules: Policy, price: Price) -> Chosen:
    """`judged` by an engine whose policy takes nothing of the model but where a rule must."""
    return _Search(judged, rules, price).run()


def without(rules: Policy) -> Policy:
    """The same policy, deaf to the trained model."""
    deaf = [replace(rule, learned=np.inf) if is_tuned(rule) else rule for rule in rules.rules]
    by_label = {label: tuple(r for r in deaf if r.label == label) for label in rules.by_label}
    return Policy(rules.version, tuple(deaf), by_label)


def is_tuned(rule: Rule) -> bool:
    return rule.learned < np.inf and rule.facts.get("kind") != "unreadable"


class _Search:
    def __init__(self, judged: Sequence[Judged], rules: Policy, price: Price) -> None:
        self._rules = [rule for rule in rules.rules if is_tuned(rule)]
        self._price = price
        rows = [one.row for one in judged]
        self._harm = np.array([any(row.labels.values()) for row in rows])
        self._alike = np.array([row.family.startswith("lookalike/") for row in rows])
        self._ordinary = ~self._harm & ~self._alike
        self._scores = _scores(judged, self._rules)
        self._worth = np.array([[_worth(row, rule) for rule in self._rules] for row in rows])
        self._holds = np.array([rule.action in HELD for rule in self._rules])
        self._flagged = np.array([one.is_flagged for one in judged])
        self._held = np.array([one.verdict.action in HELD for one in judged])
        self._found = np.where(self._flagged & self._harm, 1.0, 0.0)

    def run(self) -> Chosen:
        lines = np.full(len(self._rules), NEVER)
        while step := max(self._steps(lines), default=None):
            _, place, line = step
            lines[place] = line
            fresh = self._scores[:, place] >= line
            self._flagged |= fresh
            self._held |= fresh & self._holds[place]
            self._found = np.maximum(self._found, self._worth[:, place] * fresh)
        return Chosen(
            {rule.name: float(line) for rule, line in zip(self._rules, lines, strict=True)},
            *self._shares(self._flagged, self._held),
        )

    def _steps(self, lines: npt.NDArray[np.float64]) -> Iterator[tuple[float, int, float]]:
        """Every step within the price: gain for cost, the rule's place and its next threshold."""
        for place, line in enumerate(lines):
            column = self._scores[:, place]
            below = np.unique(column[self._harm & (column < line) & (column >= LEAST)])[::-1]
            for wanted in below[:STEPS]:
                fresh = column >= wanted
                gain = np.maximum(0, self._worth[:, place] * fresh - self._found).sum()
                cost = (fresh & ~self._flagged & ~self._harm).sum()
                if gain / (cost + 0.5) > LEAST_GAIN and self._is_affordable(fresh, place):
                    yield gain / (cost + 0.5), place, float(wanted)

    def _is_affordable(self, fresh: npt.NDArray[np.bool_], place: int) -> bool:
        held = self._held | (fresh & self._holds[place])
        _, alike, ordinary, ordinary_held = self._shares(self._flagged | fresh, held)
        price = self._price
        return (
            alike <= price.lookalikes
            and ordinary <= price.ordinary
            and ordinary_held <= price.ordinary_held
        )

    def _shares(
        self, flagged: npt.NDArray[np.bool_], held: npt.NDArray[np.bool_]
    ) -> tuple[float, float, float, float]:
        """Of harm, look-alikes and ordinary talk what is flagged; of the last what is held."""
        return (
            _share(flagged[self._harm]),
            _share(flagged[self._alike]),
            _share(flagged[self._ordinary]),
            _share(held[self._ordinary]),
        )


def _share(which: npt.NDArray[np.bool_]) -> float:
    return float(which.mean()) if len(which) else 0.0


def _scores(judged: Sequence[Judged], rules: Sequence[Rule]) -> npt.NDArray[np.float64]:
    """Rows x rules: the highest of the model's scores that the rule would take."""
    found = np.zeros((len(judged), len(rules)))
    for place, rule in enumerate(rules):
        wide = replace(rule, learned=0.0)
        for number, one in enumerate(judged):
            fits = [
                signal.score
                for signal in one.verdict.signals
                if signal.detector == LEARNED and wide.fits(signal, Draft(one.row.text))
            ]
            found[number, place] = max(fits, default=0.0)
    return found


def _worth(row: Row, rule: Rule) -> float:
    """How much it is worth that this rule finds the row."""
    if not any(row.labels.values()):
        return 0.0
    return 1.0 if row.labels.get(rule.label) or _is_near(row, rule) else OTHER


_ATTACKS = {"insult", "harassment", "identity_attack", "threat", "toxicity"}


def _is_near(row: Row, rule: Rule) -> bool:
    """Of attacks it matters that they are stopped, not which name they get."""
    return rule.label in _ATTACKS and bool(_ATTACKS & set(row.labels))


def write(path: Path, thresholds: Mapping[str, float]) -> None:
    """Put the thresholds into the policy's file, which is otherwise left as it is."""
    blocks = re.split(r"(?=\[\[rule\]\])", path.read_text(encoding="utf-8"))
    path.write_text("".join(_with(block, thresholds) for block in blocks), encoding="utf-8")


def _with(block: str, thresholds: Mapping[str, float]) -> str:
    name = re.search(r'^name = "([^"]+)"$', block, re.M)
    if name is None or name[1] not in thresholds:
        return block
    line = f"learned = {thresholds[name[1]]:.3f}".rstrip("0")
    return re.sub(r"^learned = .*$", line, block, count=1, flags=re.M)
