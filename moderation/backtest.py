"""What another policy would have done with the messages of some days, by their signals alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moderation import screenings
from moderation.engine import policy
from moderation.engine.policy import GRAVITY, Policy
from moderation.engine.types import Action, Verdict
from moderation.models import Case, Screening
from moderation.screenings import UNSCREENED_RULE

CHUNK = 5_000
STOPS = (Action.HOLD, Action.BLOCK)
FIELDS = ("content_id", "action", "rule", "signals", "preset", "standing", "nudged")
UNDECIDED = "not decided"


@dataclass(slots=True)
class Change:
    """Messages for which one action becomes another: by the rule that does it now or no longer
    does, and by what moderators decided of them then."""

    messages: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Outcome:
    messages: int = 0
    changes: dict[tuple[Action, Action], Change] = field(default_factory=dict)

    @property
    def newly_stopped(self) -> int:
        """How many would wait or be refused that went out."""
        return sum(
            change.messages
            for (old, new), change in self.changes.items()
            if new in STOPS and old not in STOPS
        )

    @property
    def no_longer_stopped(self) -> int:
        return sum(
            change.messages
            for (old, new), change in self.changes.items()
            if old in STOPS and new not in STOPS
        )


def run(rules: Policy, *, since: datetime, at_most: int | None = None) -> Outcome:
    """Decide the kept screenings anew, newest first; what was never screened is left out."""
    rows = Screening.objects.filter(state=Screening.State.DONE, created_at__gte=since)
    rows = rows.exclude(rule=UNSCREENED_RULE).order_by("-created_at")
    outcome, changed = Outcome(), []
    for content_id, action, rule, *kept in _read(rows.values_list(*FIELDS), at_most):
        outcome.messages += 1
        verdict = _decide(rules, *kept)
        old, new = Action(action), verdict.action
        if old == new:
            continue
        change = outcome.changes.setdefault((old, new), Change())
        change.messages += 1
        change.by_rule[verdict.rule if GRAVITY[new] > GRAVITY[old] else rule] += 1
        changed.append((content_id, change))
    _add_decisions(changed)
    return outcome


def _read(rows: Any, at_most: int | None) -> Iterator[tuple[Any, ...]]:
    found: Iterator[tuple[Any, ...]] = rows[:at_most].iterator(CHUNK)
    return found


def _decide(rules: Policy, kept: Any, preset: str, standing: str, nudged: bool) -> Verdict:
    draft = screenings.draft_of(preset, standing, nudged=nudged)
    return policy.decide(rules, draft, screenings.signals_of(kept), {})


def _add_decisions(changed: list[tuple[str, Change]]) -> None:
    """The last outcome of each one's cases, in the desk's words for it."""
    outcomes: dict[str, str] = {}
    ids = [content_id for content_id, _ in changed]
    for start in range(0, len(ids), CHUNK):
        cases = Case.objects.filter(content_id__in=ids[start : start + CHUNK]).order_by("pk")
        outcomes.update(cases.exclude(outcome="").values_list("content_id", "outcome"))
    for content_id, change in changed:
        change.decided[outcomes.get(content_id, UNDECIDED)] += 1
