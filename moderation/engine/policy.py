"""Rules as data: from signals to a verdict. The file is checked as a whole before it is used."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moderation.engine import lexicon
from moderation.engine.types import (
    LABELS,
    LEARNED,
    Action,
    Correction,
    CrisisLevel,
    Draft,
    Reason,
    Signal,
    Span,
    Standing,
    Verdict,
)

FILE = lexicon.FOLDER / "policy.toml"
GRAVITY = {action: place for place, action in enumerate(Action)}
CARDS = {"crisis", "overdose", "withdrawal", "relapse", "cravings"}
LEVELS = [CrisisLevel.GREEN, CrisisLevel.AMBER, CrisisLevel.RED, CrisisLevel.CRISIS]
BLANK = "[removed]"


class PolicyError(ValueError):
    """The policy can't be used: file, line, the line itself with a caret, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Empty levels, presets or standings and no facts mean "any".

    `min` and `max` are of the detectors that speak with fixed scores, `learned` is the least
    probability of the trained model; a rule that lacks one of them takes nothing of that kind.
    A rule that `yields_to` a label is left out where another rule takes a signal of that label:
    nobody in danger is asked to mind their words first.
    """

    name: str
    label: str
    action: Action
    severity: int
    reason: str
    min: float = math.inf
    max: float = 1.01
    learned: float = math.inf
    levels: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    support: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    content_note: str | None = None
    correction: bool = False
    after_nudge: Action | None = None
    after_severity: int = 0

    def fits(self, signal: Signal, draft: Draft) -> bool:
        return (
            self.label == signal.label
            and self._reached_by(signal)
            and (not self.levels or signal.level in self.levels)
            and (not self.presets or draft.preset in self.presets)
            and (not self.standings or draft.standing in self.standings)
            and all(signal.facts.get(key) == value for key, value in self.facts.items())
        )

    def _reached_by(self, signal: Signal) -> bool:
        if signal.detector == LEARNED:
            return signal.score >= self.learned
        return self.min <= signal.score < self.max

    def covers(self, later: "Rule") -> bool:
        """Whether nothing that fits the later rule gets past this one."""
        return (
            self.label == later.label
            and self.min <= later.min
            and self.max >= later.max
            and self.learned <= later.learned
            and _takes_all(self.levels, later.levels)
            and _takes_all(self.presets, later.presets)
            and _takes_all(self.standings, later.standings)
            and self.facts.items() <= later.facts.items()
        )


def _takes_all(wide: Sequence[str], narrow: Sequence[str]) -> bool:
    """Whether a condition lets through whatever the other does; an empty one is "any"."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


@dataclass(frozen=True, slots=True)
class Policy:
    version: str
    rules: tuple[Rule, ...]
    by_label: Mapping[str, tuple[Rule, ...]]


def load(path: Path = FILE) -> Policy:
    """The policy in the file; PolicyError when any part of it can't be right."""
    text = path.read_text(encoding="utf-8")
    try:
        data = lexicon.read_toml(path)
    except lexicon.LexiconError as error:
        raise PolicyError(str(error)) from error
    check = _Check(path.name, text.splitlines(), set(data.get("presets", [])))
    rules = [check.rule(entry) for entry in data.get("rule", [])]
    if not rules or not data.get("version"):
        raise PolicyError(f"{path.name}: needs a version and at least one [[rule]].")
    check.check_none_is_dead(rules)
    by_label = {label: tuple(r for r in rules if r.label == label) for label in LABELS}
    return Policy(data["version"], tuple(rules), by_label)


class _Check:
    """Reads rules and knows where in the file each stands."""

    def __init__(self, name: str, lines: Sequence[str], presets: set[str]) -> None:
        self._name, self._lines, self._presets = name, lines, presets

    def fail(self, rule_name: str, wrong: str, problem: str) -> PolicyError:
        """The error, pointing at the first line after the rule's name that holds `wrong`."""
        start = next((n for n, line in enumerate(self._lines) if f'"{rule_name}"' in line), 0)
        at = next((n for n in range(start, len(self._lines)) if wrong in self._lines[n]), start)
        line = self._lines[at] if self._lines else ""
        caret = " " * max(0, line.find(wrong)) + "^"
        return PolicyError(f"{self._name}:{at + 1}: {problem}\n{line}\n{caret}")

    def rule(self, entry: Mapping[str, Any]) -> Rule:
        name = str(entry.get("name", "?"))
        known = set(Rule.__dataclass_fields__)
        for key in entry:
            if key not in known:
                raise self.fail(name, key, f"rule {name}: unknown key {key!r}.")
        for key in ("name", "label", "action", "severity", "reason"):
            if key not in entry:
                raise self.fail(name, name, f"rule {name}: lacks {key!r}.")
        self._check_words(name, entry)
        self._check_numbers(name, entry)
        lists = {
            k: tuple(entry[k])
            for k in ("levels", "presets", "standings", "support", "yields_to")
            if k in entry
        }
        after = {"after_nudge": Action(entry["after_nudge"])} if "after_nudge" in entry else {}
        return Rule(**{**entry, "action": Action(entry["action"]), **lists, **after})

    def _check_words(self, name: str, entry: Mapping[str, Any]) -> None:
        accepted: dict[str, set[str]] = {
            "label": set(LABELS),
            "action": set(Action),
            "after_nudge": set(Action),
            "levels": set(CrisisLevel),
            "presets": self._presets,
            "standings": set(Standing),
            "support": CARDS,
            "yields_to": set(LABELS),
        }
        for key, words in accepted.items():
            value = entry.get(key, [])
            for word in [value] if isinstance(value, str) else value:
                if word not in words:
                    problem = f"rule {name}: unknown {key} {word!r}; accepted: {sorted(words)}."
                    raise self.fail(name, str(word), problem)

    def _check_numbers(self, name: str, entry: Mapping[str, Any]) -> None:
        if "min" not in entry and "learned" not in entry:
            raise self.fail(name, name, f"rule {name}: needs 'min' or 'learned'.")
        if "min" in entry and not 0 <= entry["min"] < entry.get("max", 1.01):
            raise self.fail(name, "min", f"rule {name}: needs 0 <= min < max.")
        if entry.get("learned", 0) < 0:
            raise self.fail(name, "learned", f"rule {name}: learned is a probability.")
        for key in ("severity", "after_severity"):
            if entry.get(key, 0) not in range(5):
                raise self.fail(name, key, f"rule {name}: {key} must be 0 to 4.")
        if entry["action"] == Action.NUDGE and "after_nudge" not in entry:
            raise self.fail(name, "action", f"rule {name}: a nudge needs after_nudge.")
        if entry["action"] == Action.HOLD and not entry["severity"]:
            raise self.fail(name, "severity", f"rule {name}: what is held needs a severity.")

    def check_none_is_dead(self, rules: Sequence[Rule]) -> None:
        for place, later in enumerate(rules):
            for earlier in rules[:place]:
                if earlier.name == later.name:
                    raise self.fail(later.name, later.name, f"two rules are named {later.name}.")
                if earlier.covers(later):
                    problem = f"rule {later.name} is never reached: {earlier.name} covers it."
                    raise self.fail(later.name, later.name, problem)


# --- deciding ------------------------------------------------------------------------------------


def decide(
    policy: Policy,
    draft: Draft,
    signals: Sequence[Signal],
    corrections: Mapping[str, Correction],
) -> Verdict:
    """The verdict on one draft. Every signal is weighed; the order of signals decides nothing."""
    taken = _taken(policy, draft, signals)
    labels = _labels(signals)
    if not taken:
        return Verdict(Action.ALLOW, "allow", policy.version, labels, tuple(signals))
    action = max((_action(rule, draft) for _, rule in taken), key=GRAVITY.__getitem__)
    leading = _distinct([r for _, r in taken if _action(r, draft) == action])
    first = min(leading, key=lambda rule: (rule.severity or 9, rule.name))
    supporting = _distinct([rule for _, rule in taken if rule.support])
    reasons = [] if draft.nudged and action == Action.ALLOW else [first, *leading]
    return Verdict(
        action=action,
        rule=first.name,
        policy=policy.version,
        labels=labels,
        signals=tuple(signals),
        reasons=tuple(Reason(r.label, r.reason) for r in _distinct([*reasons, *supporting])),
        spans=_merged([span for signal, _ in taken for span in signal.spans]),
        support=tuple(dict.fromkeys(card for rule in supporting for card in rule.support)),
        severity=min((s for _, r in taken if (s := _severity(r, draft))), default=0),
        content_note=next((r.content_note for r in leading if r.content_note), None),
        correction=_correction(taken, corrections),
        suggested=_suggested(draft, taken) if action == Action.NUDGE else None,
        crisis_level=max((s.level for s, _ in taken if s.level), key=LEVELS.index, default=None),
        taken=_labels_by_gravity(taken, draft),
    )


def _taken(policy: Policy, draft: Draft, signals: Sequence[Signal]) -> list[tuple[Signal, Rule]]:
    """Each signal with its rule, without the rules that yield to a label among them."""
    found = [(signal, rule) for signal in signals if (rule := _rule_for(policy, draft, signal))]
    labels = {signal.label for signal, _ in found}
    return [(signal, rule) for signal, rule in found if not labels & set(rule.yields_to)]


def _rule_for(policy: Policy, draft: Draft, signal: Signal) -> Rule | None:
    rules = policy.by_label[signal.label]
    return next((rule for rule in rules if rule.fits(signal, draft)), None)


def _labels(signals: Sequence[Signal]) -> dict[str, float]:
    found: dict[str, float] = {}
    for signal in signals:
        found[signal.label] = max(signal.score, found.get(signal.label, 0.0))
    return found


def _labels_by_gravity(taken: Sequence[tuple[Signal, Rule]], draft: Draft) -> tuple[str, ...]:
    ordered = sorted(taken, key=lambda found: (_severity(found[1], draft) or 9, -found[0].score))
    return tuple(dict.fromkeys(signal.label for signal, _ in ordered))


def _action(rule: Rule, draft: Draft) -> Action:
    return rule.after_nudge if draft.nudged and rule.after_nudge else rule.action


def _severity(rule: Rule, draft: Draft) -> int:
    return rule.after_severity if draft.nudged and rule.after_nudge else rule.severity


def _distinct(rules: Sequence[Rule]) -> list[Rule]:
    return list({rule.name: rule for rule in rules}.values())


def _correction(
    taken: Sequence[tuple[Signal, Rule]], corrections: Mapping[str, Correction]
) -> Correction | None:
    found = [s for s, rule in taken if rule.correction and s.claim in corrections]
    if not found:
        return None
    best = max(found, key=lambda signal: signal.score)
    return corrections[str(best.claim)]


def _suggested(draft: Draft, taken: Sequence[tuple[Signal, Rule]]) -> str | None:
    """The text without personal details; None when it has none."""
    exact = [
        signal
        for signal, _ in taken
        if signal.label == "personal_information" and signal.detector != LEARNED
    ]
    spans = _merged([span for signal in exact for span in signal.spans])
    if not spans:
        return None
    text = draft.text
    for span in reversed(spans):
        text = text[: span.start] + BLANK + text[span.end :]
    return re.sub(rf"{re.escape(BLANK)}(\W*{re.escape(BLANK)})+", BLANK, text)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)
