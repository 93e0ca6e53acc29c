"""The desk: who may open it, its queue, and who works on what."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from forum.chat import reporting
from forum.rooms.models import Membership, Room
from moderation import cases, gate
from moderation.models import AuditEntry, Case, Decision
from tests.support import cast
from tests.support.cast import say, sign_in
from tests.support.desk import address_of, decide, page_of, queue_of

pytestmark = pytest.mark.django_db


def without_nonce(answer):
    return re.sub(r'nonce="[^"]+"', "", answer.content.decode())


@pytest.fixture
def elsewhere(first_days):
    """A moderator of another room."""
    return cast.member("rae", Room.objects.exclude(pk=first_days.pk).first(),
                       Membership.Role.MODERATOR)  # fmt: skip


def test_a_moderator_with_a_second_factor_opens_the_desk_and_the_case(held, desk):
    assert desk.get(reverse("desk:queue")).status_code == 200
    assert desk.get(address_of(Case.objects.get())).status_code == 200


def test_without_a_second_factor_a_moderator_is_sent_to_set_one_up_and_told_why(held, client, mo):
    page = sign_in(client, mo).get(reverse("desk:queue"), follow=True)
    assert page.redirect_chain[0][0].startswith(reverse("mfa_activate_totp"))
    assert "second factor" in page.content.decode()


def test_a_second_factor_counts_for_twelve_hours(held, client, mo):
    sign_in(client, mo, second_factor=True)
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 12 * 3600 + 1
    session.save()
    assert client.get(reverse("desk:queue")).status_code == 302


def test_a_second_factor_that_was_turned_off_opens_no_desk(held, desk, mo):
    Authenticator.objects.filter(user=mo).delete()
    assert desk.get(reverse("desk:queue")).status_code == 302


def test_a_stranger_is_asked_to_sign_in(held, client):
    answer = client.get(reverse("desk:queue"))
    assert answer.url.startswith(reverse("account_login"))


def test_a_member_finds_nothing(held, client, ben):
    sign_in(client, ben, second_factor=True)
    nothing = client.get("/nothing/is/here/")
    for address in (reverse("desk:queue"), address_of(Case.objects.get())):
        answer = client.get(address)
        assert answer.status_code == 404
        assert without_nonce(answer) == without_nonce(nothing)


def test_another_rooms_moderator_finds_no_case(held, client, elsewhere):
    sign_in(client, elsewhere, second_factor=True)
    case = Case.objects.get()
    assert address_of(case) not in client.get(reverse("desk:queue")).content.decode()
    assert client.get(address_of(case)).status_code == 404


def test_another_rooms_moderator_decides_and_claims_nothing(held, client, elsewhere):
    sign_in(client, elsewhere, second_factor=True)
    case = Case.objects.get()
    assert decide(client, case, kind="release").status_code == 404
    assert client.post(reverse("desk:claim", args=[case.pk])).status_code == 404
    assert not Decision.objects.exists()


def test_every_look_at_a_case_is_in_the_audit_log(held, desk, mo):
    page_of(desk, Case.objects.get())
    entry = AuditEntry.objects.get(kind="case.viewed")
    assert (entry.actor_id, entry.subject) == (mo.pk, f"case:{Case.objects.get().pk}")


def test_the_queue_shows_no_text(held, desk):
    assert "percs" not in queue_of(desk)


def test_the_gravest_case_comes_first(held, desk, ben, first_days):
    say(ben, first_days, "I want to die")
    grave, other = Case.objects.get(severity=1), Case.objects.exclude(severity=1).get()
    page = queue_of(desk)
    assert page.index(address_of(grave)) < page.index(address_of(other))


def test_the_queue_can_be_narrowed(held, desk, ben, first_days):
    say(ben, first_days, "I want to die")
    selling = Case.objects.get(label="sourcing")
    assert address_of(selling) in queue_of(desk, label="sourcing")
    assert address_of(selling) not in queue_of(desk, severity="1")


def test_an_empty_queue_says_so_kindly(desk):
    assert "Nothing waits" in queue_of(desk)


def test_the_queue_says_that_screening_is_down(desk, ana, first_days, settings):
    settings.MODERATION_ENGINE = "tests.support.engines.Throws.load"
    gate.runner.cache_clear()
    say(ana, first_days, "hello there")
    page = queue_of(desk)
    assert "Screening is down" in page
    assert "1 not yet screened" in page


def test_the_queue_says_in_words_what_a_case_is_and_whence(desk, ana, ben, first_days):
    say(ana, first_days, "I want to die tonight, I have the pills here")
    message = say(ana, first_days, "a quiet evening")
    reporting.report(ben.pk, "first-days", message.pk, reason="attack")
    page = queue_of(desk)
    assert "reported by a member" in page
    assert "may be about to act" in page or "may think of dying" in page


def test_nobody_sees_what_was_reported_about_them(desk, mo, ben, first_days):
    message = say(mo, first_days, "hello there")
    reporting.report(ben.pk, "first-days", message.pk, reason="attack", note="he is rude")
    case = Case.objects.get()
    answer = desk.get(address_of(case))
    assert (answer.status_code, b"he is rude" in answer.content) == (403, False)
    assert address_of(case) not in queue_of(desk)


def test_a_claim_is_shown_by_handle_to_others_and_as_you_to_oneself(held, desk, kit, mo):
    case = Case.objects.get()
    desk.post(reverse("desk:claim", args=[case.pk]))
    assert 'With">you</td>' in queue_of(desk)
    cases.take_over(case.pk, kit.pk, now=timezone.now())
    assert 'With">kit</td>' in queue_of(desk)
    assert "kit is working on it" in page_of(desk, case)


def test_a_claimed_case_can_be_given_back(held, desk):
    case = Case.objects.get()
    desk.post(reverse("desk:claim", args=[case.pk]))
    desk.post(reverse("desk:claim", args=[case.pk]), {"how": "give_back"})
    assert 'With">nobody</td>' in queue_of(desk)


def test_a_claim_on_a_claimed_case_is_refused_with_a_page(held, desk, kit):
    case = Case.objects.get()
    cases.claim(case.pk, kit.pk, now=timezone.now())
    answer = desk.post(reverse("desk:claim", args=[case.pk]))
    assert answer.status_code == 409
    assert "Somebody else has this case" in answer.content.decode()
