"""Where the policy takes the trained model's word: found for the price, written where it stood."""

import shutil

import pytest

from moderation.engine import policy
from moderation.engine.types import LEARNED, Action, Signal, Verdict
from moderation.lab import thresholds
from moderation.lab.evaluation import Judged
from moderation.lab.rows import Row
from moderation.lab.thresholds import Price

RULE = """
[[rule]]
name = "{name}"
label = "{label}"
learned = 0.9
action = "{action}"
severity = 3
reason = "because"
"""


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "policy.toml"
    two = RULE.format(name="threat", label="threat", action="hold")
    two += RULE.format(name="spam", label="spam", action="hold")
    path.write_text('version = "1"\npresets = ["standard"]\n' + two)
    return policy.load(path)


def row(label, family, **scores):
    labels = {label: 1} if label else {}
    signals = tuple(Signal(name, score, LEARNED) for name, score in scores.items())
    verdict = Verdict(Action.ALLOW, "allow", "1", signals=signals)
    return Judged(Row(family, labels, "dev", "x", family=family), verdict)


def test_the_line_is_where_harm_and_the_rest_part(rules):
    judged = [row("threat", "threat", threat=0.5 + n / 100) for n in range(20)]
    judged += [row("", "lookalike/threat/x", threat=0.4 + n / 1000) for n in range(20)]
    chosen = thresholds.choose(judged, rules, Price())
    assert chosen.thresholds["threat"] == pytest.approx(0.5)
    assert chosen.harm_found == 1.0
    assert chosen.lookalikes_flagged == 0.0
    assert chosen.thresholds["spam"] > 1


def test_nothing_is_chosen_beyond_the_price(rules):
    judged = [row("spam", "spam", spam=0.6 + n / 100) for n in range(20)]
    judged += [row("", "ordinary/x", spam=0.61 if n else 0.9) for n in range(100)]
    cheap = thresholds.choose(judged, rules, Price(ordinary=0.01, ordinary_held=0.01))
    dear = thresholds.choose(judged, rules, Price(ordinary=0.0, ordinary_held=0.0))
    assert cheap.ordinary_held == pytest.approx(0.01)
    assert cheap.thresholds["spam"] == pytest.approx(0.62)
    assert dear.thresholds["spam"] > 0.7


def test_what_was_chosen_is_written_into_the_policy_and_nothing_else_changes(tmp_path):
    path = shutil.copy(policy.FILE, tmp_path / "policy.toml")
    thresholds.write(path, {"threat": 0.4321, "sexual": 0.5})
    before, after = policy.load(), policy.load(path)
    changed = {
        new.name: new.learned
        for old, new in zip(before.rules, after.rules, strict=True)
        if old != new
    }
    assert changed == {"threat": 0.432, "sexual": 0.5}
