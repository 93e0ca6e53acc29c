"""What a changed policy would have done, from what is kept of each screening."""

import shutil
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from moderation import backtest, cases
from moderation.cases import Wish
from moderation.engine import policy
from moderation.engine.types import Action
from moderation.models import Case, Screening
from tests.support.cast import say

pytestmark = pytest.mark.django_db
OFFER = "who's selling percs? need to cop today"


@pytest.fixture
def talk(first_days, ben, mo):
    say(ben, first_days, "day four and still here")
    asked = say(ben, first_days, OFFER)
    case = Case.objects.get(content_id=str(asked.pk))
    cases.decide(case.pk, mo.pk, Wish("release", "within"), now=timezone.now())
    return asked


@pytest.fixture
def changed(tmp_path):
    """The policy in force with one text put in the place of another."""

    def write(old, new):
        path = shutil.copy(policy.FILE, tmp_path / "changed.toml")
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        return path

    return write


def since():
    return timezone.now() - timedelta(days=1)


def test_the_policy_in_force_changes_nothing(talk):
    outcome = backtest.run(policy.load(), since=since())
    assert outcome.messages == 2
    assert outcome.changes == {}


def test_what_would_no_longer_be_held_is_counted_with_what_was_decided_of_it(talk, changed):
    path = changed('label = "sourcing"\nmin = 0.6', 'label = "sourcing"\nmin = 1.0')
    outcome = backtest.run(policy.load(path), since=since())
    change = outcome.changes[Action.HOLD, Action.ALLOW]
    assert (outcome.no_longer_stopped, outcome.newly_stopped) == (1, 0)
    assert dict(change.by_rule) == {"sourcing.request": 1}
    assert dict(change.decided) == {"release": 1}


def test_nothing_is_kept_of_the_words(talk):
    kept = Screening.objects.get(content_id=str(talk.pk))
    assert kept.signals
    assert "percs" not in str(kept.signals)


def test_older_messages_and_those_never_screened_are_left_out(talk):
    Screening.objects.filter(content_id=str(talk.pk)).update(rule="gate.unscreened")
    assert backtest.run(policy.load(), since=since()).messages == 1
    assert backtest.run(policy.load(), since=timezone.now()).messages == 0


def test_the_command_says_it_in_words_and_refuses_a_wrong_policy(talk, changed, capsys):
    call_command("backtest", changed('action = "hold"\nseverity = 2\nsupport = ["cravings"]',
                                     'action = "block"\nseverity = 2'))  # fmt: skip
    assert "hold -> block: 1" in capsys.readouterr().out
    with pytest.raises(CommandError, match="unknown action"):
        call_command("backtest", changed('action = "hold"', 'action = "scold"'))
    with pytest.raises(CommandError, match="no file"):
        call_command("backtest", "nowhere.toml")
