"""The desk's pages: who may open them, what they show, what they keep to themselves."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from forum.chat import reporting
from forum.chat.models import Notice
from forum.rooms.models import Membership, Room
from moderation import cases, gate
from moderation.cases import Wish
from moderation.desk import evidence
from moderation.models import AuditEntry, Case, Decision
from moderation.refusals import DeskRefused
from tests.support import cast
from tests.support.cast import say, sign_in

pytestmark = pytest.mark.django_db
SELLING = "who's selling percs? need to cop today"
HOSTILE = f'{SELLING} <script>alert(1)</script> "><img src=x onerror=alert(2)>'


@pytest.fixture
def held(ana, first_days):
    return say(ana, first_days, SELLING)


@pytest.fixture
def desk(client, mo):
    return sign_in(client, mo, second_factor=True)


def queue_of(desk, **wanted):
    return desk.get(reverse("desk:queue"), wanted).content.decode()


def address_of(case):
    return reverse("desk:case", args=[case.pk])


def page_of(desk, case):
    return desk.get(address_of(case)).content.decode()


def decide(desk, case, **fields):
    return desk.post(address_of(case), {"reason": "within", **fields})


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


def test_the_evidence_is_marked_in_the_text(held, desk):
    assert "<mark>" in page_of(desk, Case.objects.get())


def test_hostile_text_is_shown_as_text(desk, ana, ben, first_days):
    say(ben, first_days, "<b>before</b>")
    say(ana, first_days, HOSTILE)
    page = page_of(desk, Case.objects.get())
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>before" not in page
    assert "&lt;script&gt;" in page


def test_hostile_notes_of_reports_are_shown_as_text(desk, ana, ben, first_days):
    message = say(ana, first_days, "hello there")
    reporting.report(
        ben.pk, "first-days", message.pk, reason="other", note="<script>alert(3)</script>"
    )
    page = page_of(desk, Case.objects.get())
    assert "<script>alert(3)" not in page
    assert "&lt;script&gt;alert(3)" in page


def test_who_reported_is_not_shown(desk, ana, ben, first_days):
    message = say(ana, first_days, "hello there")
    reporting.report(ben.pk, "first-days", message.pk, reason="other", note="see this")
    page = page_of(desk, Case.objects.get())
    assert "see this" in page
    assert "ben" not in page.split("<main")[1]


def test_text_about_life_at_risk_waits_for_a_press(desk, ana, first_days):
    say(ana, first_days, "I want to die")
    assert '<details class="veil">' in page_of(desk, Case.objects.get())


def test_ten_messages_before_are_shown_and_no_more(desk, ana, ben, first_days):
    for n in range(12):
        say(ben, first_days, f"earlier message {n:02}")
    say(ana, first_days, SELLING)
    page = page_of(desk, Case.objects.get())
    assert "earlier message 02" in page
    assert "earlier message 01" not in page


def test_the_record_is_of_this_room_only(desk, ana, first_days):
    other = Room.objects.exclude(pk=first_days.pk).first()
    Case.objects.create(
        content_kind="message", content_id="x", room_id=other.pk, author_id=ana.pk, source="engine",
        severity=3, label="harassment", due_at=timezone.now(), status="closed", outcome="warn",
    )  # fmt: skip
    say(ana, first_days, SELLING)
    assert "No earlier case" in page_of(desk, Case.objects.latest("pk"))


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


def test_the_queue_says_in_words_what_a_case_is_and_whence(desk, ana, ben, first_days):
    say(ana, first_days, "I want to die tonight, I have the pills here")
    message = say(ana, first_days, "a quiet evening")
    reporting.report(ben.pk, "first-days", message.pk, reason="attack")
    page = queue_of(desk)
    assert "reported by a member" in page
    assert "may be about to act" in page or "may think of dying" in page


def test_a_decision_that_lacks_a_reason_keeps_what_was_typed(held, desk):
    answer = decide(desk, Case.objects.get(), kind="remove", reason="", message="Please rest")
    assert answer.status_code == 422
    assert "Please rest" in answer.content.decode()


def test_what_is_held_can_not_be_closed_and_left(held, desk):
    case = Case.objects.get()
    assert decide(desk, case, kind="dismiss").status_code == 422
    assert decide(desk, case, kind="release").status_code == 302


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


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([], "a &lt;b&gt; c"),
        ([[0, 1]], "<mark>a</mark> &lt;b&gt; c"),
        ([[2, 5], [3, 4]], "a <mark>&lt;b&gt;</mark> c"),
        ([[0, 3], [2, 5]], "<mark>a &lt;b&gt;</mark> c"),
        ([[6, 99]], "a &lt;b&gt; <mark>c</mark>"),
        ([[-3, 2], [5, 5], [4, 1]], "a &lt;b&gt; c"),
    ],
)
def test_marks_stand_where_the_evidence_is_and_nowhere_else(spans, shown):
    assert evidence.highlighted("a <b> c", [{"spans": spans}]) == shown


def test_a_report_of_something_else_is_called_so(desk, ana, ben, first_days):
    message = say(ana, first_days, "hello there")
    reporting.report(ben.pk, "first-days", message.pk, reason="other", note="see this")
    assert "Something else in First days" in page_of(desk, Case.objects.get())
    assert ">something else</a>" in queue_of(desk)


def test_what_could_not_be_screened_is_called_so(desk, ana, first_days, settings):
    from moderation import gate

    settings.MODERATION_ENGINE = "tests.support.engines.Throws.load"
    gate.runner.cache_clear()
    say(ana, first_days, "hello there")
    assert "Not yet screened in" in page_of(desk, Case.objects.get())


def test_a_closed_case_says_how_it_ended_and_waits_no_more(held, desk):
    case = Case.objects.get()
    assert "waiting for" in page_of(desk, case)
    decide(desk, case, kind="release")
    page = page_of(desk, case)
    assert "UTC</time>: release" in page
    assert "waiting for" not in page
    assert "target" not in page


def test_the_nearest_messages_are_in_sight_and_the_rest_behind_a_press(desk, ana, ben, first_days):
    for n in range(5):
        say(ben, first_days, f"earlier message {n:02}")
    say(ana, first_days, SELLING)
    page = page_of(desk, Case.objects.get())
    assert "2 earlier</summary>" in page
    assert "overflow" not in page
    assert page.index("earlier message 01") < page.index("</details>", page.index("2 earlier<"))
    assert page.index("earlier message 02") > page.index("</details>", page.index("2 earlier<"))


def test_a_published_message_can_be_opened_in_the_room(client, desk, ana, first_days):
    message = say(ana, first_days, "I want to die")
    address = reverse("chat:message", args=["first-days", message.pk])
    assert f'<a href="{address}">Open it in the room</a>' in page_of(desk, Case.objects.get())
    assert client.get(address).status_code == 200


def test_what_is_held_has_no_place_in_the_room_yet(held, desk):
    assert "Open it in the room" not in page_of(desk, Case.objects.get())


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


def test_a_suspension_that_another_room_decided_is_not_on_this_rooms_desk(
    ana, mo, desk, first_days
):
    """Else it would show which names of the two rooms are one person."""
    grief = Room.objects.get(slug="grief")
    for who in (ana, mo):
        Membership.objects.create(room=grief, account=who, handle=who.handles.get(), posts=50,
                                  role=Membership.objects.get(account=who).role)  # fmt: skip
    here, there = say(ana, first_days, SELLING), say(ana, grief, f"{SELLING}, anybody?")
    case_here, case_there = (Case.objects.get(content_id=m.pk) for m in (here, there))
    wish = Wish("suspend", "selling", hours=5, also_remove=True)
    cases.decide(case_there.pk, mo.pk, wish, now=timezone.now())
    assert "Suspension until" in page_of(desk, case_there)
    assert "Suspension until" not in page_of(desk, case_here)


NOTE_VEIL = "The note may be hard to read"


@pytest.mark.parametrize(
    ("note", "waits"),
    [("he is rude", False), ("You should kill yourself", True), (SELLING, True)],
)
def test_a_note_that_the_engine_flags_waits_for_a_press(desk, ana, ben, first_days, note, waits):
    message = say(ana, first_days, "good morning")
    reporting.report(ben.pk, "first-days", message.pk, reason="attack", note=note)
    assert (NOTE_VEIL in page_of(desk, Case.objects.get())) is waits


def test_a_note_that_could_not_be_screened_waits_for_a_press(desk, ana, ben, first_days, settings):
    message = say(ana, first_days, "good morning")
    settings.MODERATION_ENGINE = "tests.support.engines.Throws.load"
    gate.runner.cache_clear()
    reporting.report(ben.pk, "first-days", message.pk, reason="attack", note="he is rude")
    assert NOTE_VEIL in page_of(desk, Case.objects.get())
