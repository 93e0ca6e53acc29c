"""Decisions at the desk: what is asked of a moderator, what follows, and what is never punished."""

import pytest
from django.urls import reverse
from django.utils import timezone

from forum.chat import reporting
from forum.chat.models import Notice
from moderation import cases
from moderation.cases import Wish
from moderation.models import Case, Decision
from moderation.refusals import DeskRefused
from tests.support.cast import say
from tests.support.desk import address_of, decide, page_of

pytestmark = pytest.mark.django_db


def test_after_a_decision_the_next_case_is_shown(held, desk, ben, first_days):
    say(ben, first_days, "who sells percs here? need some today")
    first, second = cases.queue([first_days.pk], 0)
    answer = decide(desk, first, kind="release")
    assert answer.url == address_of(second)
    said = f"Case {first.pk} is decided: release. Below is the next case."
    assert said in desk.get(answer.url).content.decode()


def test_after_the_last_decision_the_queue_is_shown(held, desk):
    answer = decide(desk, Case.objects.get(), kind="release")
    assert answer.url == reverse("desk:queue")


def test_a_case_that_somebody_else_has_is_not_offered_next(held, desk, kit, ben, first_days):
    say(ben, first_days, "who sells percs here? need some today")
    first, second = cases.queue([first_days.pk], 0)
    cases.claim(second.pk, kit.pk, now=timezone.now())
    assert decide(desk, first, kind="release").url == reverse("desk:queue")


def test_a_decision_that_came_second_is_told_so(held, desk, kit):
    case = Case.objects.get()
    cases.decide(case.pk, kit.pk, Wish("release", "within"), now=timezone.now())
    answer = decide(desk, case, kind="remove", reason="selling")
    assert answer.status_code in (409, 422)
    assert "decided already: release" in answer.content.decode()


def test_what_was_typed_is_shown_to_who_came_second(held, desk, kit):
    case = Case.objects.get()
    cases.decide(case.pk, kit.pk, Wish("release", "within"), now=timezone.now())
    words = {"message": "I thought long about this", "note": "Known from before"}
    page = decide(desk, case, kind="remove", reason="selling", **words).content.decode()
    assert all(written in page for written in words.values())


def test_an_accusing_reason_for_a_release_is_refused(held, desk):
    answer = decide(desk, Case.objects.get(), kind="release", reason="attack")
    assert answer.status_code == 422
    assert "does not go with what you do" in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_decision_that_lacks_a_reason_keeps_what_was_typed(held, desk):
    answer = decide(desk, Case.objects.get(), kind="remove", reason="", message="Please rest")
    assert answer.status_code == 422
    assert "Please rest" in answer.content.decode()


def test_what_is_held_can_not_be_closed_and_left(held, desk):
    case = Case.objects.get()
    assert decide(desk, case, kind="dismiss").status_code == 422
    assert decide(desk, case, kind="release").status_code == 302


def test_to_close_a_case_of_which_nobody_is_told_needs_no_reason(desk, ana, ben, first_days):
    message = say(ana, first_days, "hello there")
    reporting.report(ben.pk, "first-days", message.pk, reason="other")
    case = Case.objects.get()
    assert decide(desk, case, kind="warn", reason="").status_code == 422
    assert decide(desk, case, kind="dismiss", reason="").status_code == 302


@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "I took the whole bottle of pills",
        "I stopped benzos cold turkey yesterday and I am shaking badly",
    ],
)
def test_for_somebody_in_danger_care_is_offered_and_no_punishment(desk, ana, first_days, text):
    say(ana, first_days, text)
    page = page_of(desk, Case.objects.get())
    assert 'value="care"' in page
    for kind in ("warn", "mute", "suspend"):
        assert f'name="kind" value="{kind}"' not in page


def test_care_needs_no_reason_and_its_words_reach_the_author(desk, ana, first_days):
    say(ana, first_days, "I want to die")
    decide(desk, Case.objects.get(), kind="care", reason="", message="We are here tonight.")
    told = Notice.objects.get(account=ana)
    assert (told.kind, "We are here tonight." in told.text) == ("cared", True)
    assert "Nothing is held against you" in told.text


def test_care_without_words_is_told_to_nobody(desk, ana, first_days):
    say(ana, first_days, "I want to die")
    assert decide(desk, Case.objects.get(), kind="care", reason="").status_code == 302
    assert not Notice.objects.exists()


def test_somebody_in_danger_is_not_muted_by_another_way_either(mo, ana, first_days):
    say(ana, first_days, "I want to die")
    with pytest.raises(DeskRefused) as refused:
        cases.decide(
            Case.objects.get().pk, mo.pk, Wish("mute", "attack", hours=1), now=timezone.now()
        )
    assert refused.value.code == "wish.care"


def test_who_also_attacked_somebody_can_be_stopped(desk, ana, ben, first_days):
    message = say(ana, first_days, "I want to die")
    reporting.report(ben.pk, "first-days", message.pk, reason="attack")
    assert 'name="kind" value="mute"' in page_of(desk, Case.objects.get())
