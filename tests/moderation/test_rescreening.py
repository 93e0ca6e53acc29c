"""What waited for the engine: each text gets one answer, and a person's answer stands."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.chat.models import Event, Message, Notice
from moderation import cases, gate, rescreening
from moderation.cases import Wish
from moderation.engine.types import Action, Verdict
from moderation.models import AuditEntry, Case, Screening
from moderation.screenings import UNSCREENED
from tests.support.cast import say

pytestmark = pytest.mark.django_db
FINE = Verdict(Action.ALLOW, "allow", "p")
BLOCKED = Verdict(Action.BLOCK, "block", "p")


@pytest.fixture
def waiting(ana, first_days, settings):
    """A message that nobody could screen."""
    settings.MODERATION_ENGINE = "tests.support.engines.Throws.load"
    gate.runner.cache_clear()
    return say(ana, first_days, "hello there")


def answers(verdict):
    return lambda batch: [verdict for _ in batch]


def status_of(message):
    return Message.objects.get(pk=message.pk).status


def decide(who, kind, reason="within"):
    cases.decide(Case.objects.get().pk, who.pk, Wish(kind, reason), now=timezone.now())


def test_an_answer_ends_the_wait(waiting):
    assert rescreening.rescreen_due(answers(FINE)) == 1
    assert (status_of(waiting), rescreening.waiting()) == ("published", 0)


def test_the_case_is_closed_in_the_log_by_nobody(waiting):
    rescreening.rescreen_due(answers(FINE))
    entry = AuditEntry.objects.get(kind="case.closed_by_engine")
    assert (entry.actor_id, entry.data) == (None, {"outcome": "released"})


def test_what_a_moderator_removed_meanwhile_stays_removed(waiting, mo):
    decide(mo, "remove", "attack")
    rescreening.rescreen_due(answers(FINE))
    assert (status_of(waiting), Event.objects.count()) == ("removed", 0)


def test_what_a_moderator_released_meanwhile_stays_published(waiting, mo):
    decide(mo, "release")
    rescreening.rescreen_due(answers(BLOCKED))
    assert status_of(waiting) == "published"


def test_a_text_decided_by_a_person_is_not_waiting_any_more(waiting, mo):
    decide(mo, "release")
    assert gate.waiting_unscreened() == 0


def test_a_moderator_who_decides_while_the_engine_reads_is_not_overruled(waiting, mo):
    def removed_while_it_reads(batch):
        if batch != [rescreening.PROBE]:
            decide(mo, "remove", "attack")
        return [FINE]

    rescreening.rescreen_due(removed_while_it_reads)
    assert status_of(waiting) == "removed"


def test_a_second_worker_that_has_the_same_text_changes_nothing(waiting, ana):
    """The first worker was so slow that its lease ran out while it waited for the engine."""

    def slow(batch):
        calls.append(batch)
        if len(calls) == 2:
            Screening.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
            assert rescreening.rescreen_due(answers(FINE)) == 1
        return [FINE]

    calls = []
    assert rescreening.rescreen_due(slow) == 0
    assert (Event.objects.count(), Notice.objects.filter(account=ana).count()) == (1, 1)


def test_a_text_that_is_leased_is_left_to_its_worker(waiting):
    Screening.objects.update(lease_until=timezone.now() + timedelta(seconds=20))
    assert rescreening.rescreen_due(answers(FINE)) == 0
    assert status_of(waiting) == "held"


def test_the_text_of_a_worker_that_died_is_taken_up(waiting):
    Screening.objects.update(lease_until=timezone.now() - timedelta(seconds=1), worker="gone:1")
    assert rescreening.rescreen_due(answers(FINE)) == 1


def test_when_the_engine_dies_under_way_no_text_is_blamed_but_the_one_it_read(
    waiting, ben, first_days
):
    say(ben, first_days, "a second one")

    def dies_after_the_probe(batch):
        calls.append(batch)
        return [FINE] if len(calls) == 1 else [UNSCREENED]

    calls = []
    rescreening.rescreen_due(dies_after_the_probe)
    assert sorted(Screening.objects.values_list("attempts", flat=True)) == [0, 1]


def test_a_text_on_which_the_engine_chokes_waits_longer_each_time(waiting):
    def chokes(batch):
        return [FINE if batch == [rescreening.PROBE] else UNSCREENED]

    waits = []
    for _ in range(3):
        Screening.objects.update(lease_until=None)
        rescreening.rescreen_due(chokes)
        waits.append(Screening.objects.get().lease_until - timezone.now())
    assert waits == sorted(waits)
    assert waits[0] > timedelta(seconds=1)
