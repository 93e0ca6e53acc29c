"""An author asks a person to look: about what was refused, or to have their own words removed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from forum.chat import notices, reporting
from forum.chat.models import Message, Notice
from forum.errors import Refused
from moderation import cases
from moderation.cases import Wish
from moderation.models import Case, Report
from tests.support.cast import say, sign_in

pytestmark = pytest.mark.django_db
REFUSED = "selling percs, hmu, local delivery"


def decide(who, kind, reason="within", **more):
    case = Case.objects.latest("pk")
    return cases.decide(case.pk, who.pk, Wish(kind, reason, **more), now=timezone.now())


def last_notice(account):
    return Notice.objects.filter(account=account).latest("pk")


def make_old(message):
    Message.objects.filter(pk=message.pk).update(
        sent_at=timezone.now() - timezone.timedelta(minutes=16)
    )


@pytest.fixture
def refused(ana, first_days):
    return say(ana, first_days, REFUSED)


@pytest.fixture
def asked(refused, ana):
    notices.appeal(ana, last_notice(ana).pk)
    return refused


def test_what_was_refused_stays_under_notices_with_a_way_to_a_person(refused, client, ana):
    assert "under Notices" in refused.answer["reasons"][-1]["text"]
    page = sign_in(client, ana).get(reverse("chat:notices")).content.decode()
    assert "Ask a moderator to look" in page
    assert REFUSED in page


def test_the_same_text_again_is_refused_without_a_notice(ana, first_days):
    for _ in range(3):
        again = say(ana, first_days, "a long sentence that is said again in a row")
    assert (again.status, len(again.answer["reasons"])) == ("blocked", 1)
    assert not Notice.objects.exists()


def test_the_desk_sees_that_the_author_asks(asked, client, mo):
    desk = sign_in(client, mo, second_factor=True)
    page = desk.get(reverse("desk:case", args=[Case.objects.get().pk])).content.decode()
    assert "Its author asks for a person to look" in page
    assert "waits for an answer" in page


def test_one_asks_once_and_is_told_when(asked, client, ana):
    page = sign_in(client, ana).get(reverse("chat:notices")).content.decode()
    assert "You asked on" in page
    assert "Ask a moderator to look" not in page
    pressed = client.post(reverse("chat:appeal", args=[last_notice(ana).pk]))
    assert (pressed.status_code, Report.objects.count()) == (302, 1)


def test_what_was_refused_can_be_let_out_by_a_person(asked, mo, ana):
    decide(mo, "release")
    assert Message.objects.get(pk=asked.pk).status == "published"
    assert last_notice(ana).kind == "released"


def test_what_was_let_out_is_not_asked_about_again(asked, client, mo, ana):
    decide(mo, "release")
    page = sign_in(client, ana).get(reverse("chat:notices")).content.decode()
    assert "Ask a moderator to look" not in page


def test_who_asked_is_answered_and_may_ask_another_moderator(asked, mo, kit, ana):
    decide(mo, "dismiss", "selling")
    assert "It stays unsent" in last_notice(ana).text
    notices.appeal(ana, last_notice(ana).pk)
    decide(kit, "release")
    assert Message.objects.get(pk=asked.pk).status == "published"


def test_who_asked_is_not_sent_away_without_a_reason(asked, client, mo):
    desk = sign_in(client, mo, second_factor=True)
    address = reverse("desk:case", args=[Case.objects.get().pk])
    assert desk.post(address, {"kind": "dismiss"}).status_code == 422
    assert desk.post(address, {"kind": "dismiss", "reason": "selling"}).status_code == 302


def test_to_ask_does_not_keep_a_seller_from_a_mute(asked, mo):
    decide(mo, "mute", "selling", hours=24)
    assert Case.objects.get().outcome == "mute"


# --- one's own words that must go ----------------------------------------------------------------


@pytest.fixture
def published(ana, first_days):
    return say(ana, first_days, "I said too much about my street")


def page_of(client, who, message):
    address = reverse("chat:message", args=["first-days", message.pk])
    return sign_in(client, who).get(address).content.decode()


def test_what_can_not_be_changed_any_more_is_not_offered_to_be_changed(client, ana, published):
    page = page_of(client, ana, published)
    assert ("Change it" in page, "Ask a moderator to remove it" in page) == (True, False)
    make_old(published)
    page = page_of(client, ana, published)
    assert ("Change it" in page, "Take it back" in page) == (False, False)
    assert "Ask a moderator to remove it" in page


def test_a_moderator_is_asked_to_remove_ones_own_words_and_the_author_is_told(
    client, ana, mo, published
):
    make_old(published)
    address = reverse("chat:report", args=["first-days", published.pk])
    sign_in(client, ana).post(address, {"reason": "remove_own", "note": "please"})
    assert Case.objects.get().label == "removal"
    decide(mo, "remove", "asked")
    assert "because you asked for it" in last_notice(ana).text


def test_when_it_stays_the_author_is_told_why(ana, mo, published):
    reporting.report(ana.pk, "first-days", published.pk, reason="remove_own")
    decide(mo, "dismiss")
    assert (last_notice(ana).kind, "It stays where it is" in last_notice(ana).text) == (
        "answered",
        True,
    )


@pytest.mark.parametrize(("who", "reason"), [("ana", "attack"), ("ben", "remove_own")])
def test_nobody_reports_themselves_or_asks_for_somebody_else(request, ana, published, who, reason):
    with pytest.raises(Refused) as refusal:
        reporting.report(request.getfixturevalue(who).pk, "first-days", published.pk, reason=reason)
    assert refusal.value.code == "report.reason"


def test_what_waits_can_be_taken_back_at_any_time(client, ana, first_days):
    held = say(ana, first_days, "who's selling percs? need to cop today")
    make_old(held)
    assert "Take it back" in page_of(client, ana, held)
    client.post(reverse("chat:delete", args=["first-days", held.pk]))
    assert Message.objects.get(pk=held.pk).status == "removed"
