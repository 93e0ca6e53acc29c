"""Decisions of moderators: what they do, who may take them, what stays in the log."""

import pytest
from django.utils import timezone

from forum.chat import control, editing, notices
from forum.chat.models import Message, Notice
from forum.errors import Refused
from forum.rooms import membership
from forum.rooms.models import Membership
from moderation import audit, cases, outcomes
from moderation.cases import Wish
from moderation.models import AuditEntry, Case, Decision
from moderation.refusals import DeskRefused
from moderation.statements import REASONS, statement
from tests.support.cast import say, sign_in

pytestmark = pytest.mark.django_db
HELD = "who's selling percs? need to cop today"


@pytest.fixture
def held(ana, first_days):
    return say(ana, first_days, HELD)


def decide(who, kind, reason="within", **more):
    case = Case.objects.latest("pk")
    return cases.decide(case.pk, who.pk, Wish(kind, reason, **more), now=timezone.now())


def test_released_it_is_published_with_a_new_number(held, mo):
    decide(mo, "release")
    held.refresh_from_db()
    assert (held.status, held.seq) == ("published", 1)


def test_released_behind_a_note_it_carries_the_note(held, mo):
    decide(mo, "release_with_note", content_note="talk of use")
    held.refresh_from_db()
    assert (held.status, held.content_note) == ("published", "talk of use")


def test_removed_it_stays_away_and_its_author_is_told_why(held, mo, ana):
    decide(mo, "remove", "selling")
    held.refresh_from_db()
    assert held.status == "removed"
    assert REASONS["selling"] in Notice.objects.get(account=ana).text


def test_a_mute_keeps_the_author_from_writing_in_this_room(held, mo, ana, first_days):
    decide(mo, "mute", "selling", hours=1, also_remove=True)
    with pytest.raises(Refused) as refused:
        say(ana, first_days, "hello")
    assert refused.value.code == "limit.mute"


def test_a_suspension_keeps_the_author_from_writing_anywhere(held, mo, ana, first_days):
    decide(mo, "suspend", "selling", hours=24, also_remove=True)
    with pytest.raises(Refused) as refused:
        say(ana, first_days, "hello")
    assert refused.value.code == "limit.suspension"


def test_every_decision_is_in_the_audit_log(held, mo):
    decide(mo, "release")
    entry = AuditEntry.objects.get(kind="case.release")
    assert (entry.actor_id, entry.data["reason"]) == (mo.pk, "within")


def test_the_second_moderator_is_told_that_it_was_decided(held, mo, kit):
    decide(mo, "release")
    with pytest.raises(DeskRefused) as refused:
        decide(kit, "remove", "selling")
    assert (refused.value.code, Decision.objects.count()) == ("case.closed", 1)


def test_a_claim_keeps_others_from_deciding_until_they_take_over(held, mo, kit):
    case = Case.objects.get()
    cases.claim(case.pk, mo.pk, now=timezone.now())
    with pytest.raises(DeskRefused):
        decide(kit, "release")
    cases.take_over(case.pk, kit.pk, now=timezone.now())
    decide(kit, "release")


def test_a_claim_expires(held, mo, kit):
    case = Case.objects.get()
    cases.claim(case.pk, mo.pk, now=timezone.now() - timezone.timedelta(minutes=11))
    decide(kit, "release")


def test_a_member_decides_nothing(held, ben):
    with pytest.raises(DeskRefused) as refused:
        decide(ben, "release")
    assert refused.value.code == "not_found"


def test_nobody_decides_about_their_own_text(mo, kit, first_days):
    say(mo, first_days, HELD)
    with pytest.raises(DeskRefused) as refused:
        decide(mo, "release")
    assert refused.value.code == "case.own"
    decide(kit, "release")


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish("forgive", "within"), "wish.kind"),
        (Wish("release", "because"), "wish.reason"),
        (Wish("release", "attack"), "wish.reason"),
        (Wish("remove", "within"), "wish.reason"),
        (Wish("warn", "asked"), "wish.reason"),
        (Wish("remove", "other"), "wish.message"),
        (Wish("release_with_note", "within", content_note="loud"), "wish.content_note"),
        (Wish("mute", "attack"), "wish.hours"),
        (Wish("mute", "attack", hours=999), "wish.hours"),
        (Wish("suspend", "attack", hours=721), "wish.hours"),
    ],
)
def test_a_wish_that_lacks_something_changes_nothing(held, mo, wish, code):
    with pytest.raises(DeskRefused) as refused:
        cases.decide(Case.objects.get().pk, mo.pk, wish, now=timezone.now())
    assert (refused.value.code, Decision.objects.count()) == (code, 0)


def test_what_was_never_held_can_not_be_released(ana, mo, first_days):
    say(ana, first_days, "I want to die")
    with pytest.raises(DeskRefused) as refused:
        decide(mo, "release")
    assert refused.value.code == "case.not_held"


def test_an_appeal_goes_to_another_moderator(held, mo, kit, ana):
    decide(mo, "remove", "selling")
    notices.appeal(ana, Notice.objects.get(account=ana).pk)
    with pytest.raises(DeskRefused) as refused:
        decide(mo, "release")
    assert refused.value.code == "case.own_decision"
    decide(kit, "release")
    assert Message.objects.get(pk=held.pk).status == "published"


def test_nobody_appeals_for_somebody_else(held, mo, ben, ana):
    decide(mo, "remove", "selling")
    with pytest.raises(Refused) as refused:
        notices.appeal(ben, Notice.objects.get(account=ana).pk)
    assert refused.value.code == "not_found"


@pytest.fixture
def chain(held, mo):
    for n in range(5):
        audit.append("test.entry", actor_id=mo.pk, subject=f"n:{n}", n=n)
    return AuditEntry.objects


def first_break(**more):
    return audit.first_break(AuditEntry.objects.order_by("number"), **more)


def test_an_untouched_chain_is_whole(chain):
    assert first_break() is None


def test_an_edited_entry_is_found(chain):
    chain.filter(number=3).update(data={"n": 99})
    assert first_break().number == 3


def test_a_deleted_entry_is_found(chain):
    chain.filter(number=3).delete()
    assert first_break().number == 3


def test_two_entries_that_changed_places_are_found(chain):
    chain.filter(number=2).update(number=90)
    chain.filter(number=3).update(number=2)
    chain.filter(number=90).update(number=3)
    assert first_break().number == 2


def test_a_chain_whose_end_was_cut_off_is_found_by_its_published_head(chain):
    head = chain.latest("number").digest
    chain.filter(number__gte=4).delete()
    assert first_break() is None
    assert first_break(head=head) is not None


@pytest.mark.parametrize("kind", ["warn", "mute", "suspend", "dismiss"])
def test_nothing_is_left_held_with_its_case_closed(held, mo, kind):
    with pytest.raises(DeskRefused) as refused:
        decide(mo, kind, "selling", hours=1)
    held.refresh_from_db()
    assert (refused.value.code, held.status) == ("case.still_held", "held")
    assert Case.objects.get().status == "open"


def test_a_removal_may_come_with_a_warning(held, mo):
    decide(mo, "warn", "selling", also_remove=True)
    held.refresh_from_db()
    assert held.status == "removed"


def test_what_its_author_took_back_can_not_be_removed_but_closed(held, mo, ana):
    editing.delete(ana.pk, "first-days", held.pk)
    with pytest.raises(DeskRefused) as refused:
        decide(mo, "remove", "selling")
    assert refused.value.code == "case.gone"
    decide(mo, "dismiss")


def test_what_its_author_took_back_gets_no_content_note(held, mo, ana):
    editing.delete(ana.pk, "first-days", held.pk)
    with pytest.raises(DeskRefused) as refused:
        decide(mo, "release_with_note", content_note="talk of use")
    assert refused.value.code == "case.gone"


def test_who_has_no_account_any_more_can_not_be_muted(held, mo):
    Case.objects.update(author_id=None)
    with pytest.raises(DeskRefused) as refused:
        decide(mo, "mute", "selling", hours=1, also_remove=True)
    assert refused.value.code == "case.no_author"


def test_closing_a_case_tells_the_author_nothing(ana, mo, first_days):
    say(ana, first_days, "I want to die")
    decide(mo, "dismiss", "care")
    assert not Notice.objects.exists()


def test_the_author_is_told_that_a_person_decided_and_how_to_appeal(held, mo, ana):
    decide(mo, "remove", "selling", message="Take care of yourself")
    text = Notice.objects.get(account=ana).text
    assert "A person decided this" in text
    assert "Take care of yourself" in text


def test_a_length_of_time_is_told_as_people_say_it(held, mo, ana):
    decide(mo, "mute", "selling", hours=72, also_remove=True)
    assert "for 3 days" in Notice.objects.get(account=ana).text


def test_the_note_for_moderators_is_not_told_to_the_author(held, mo, ana):
    decide(mo, "remove", "selling", note="third time this week")
    assert "third time" not in Notice.objects.get(account=ana).text


@pytest.fixture
def appealed(held, mo, ana):
    decide(mo, "mute", "selling", hours=24, also_remove=True)
    notices.appeal(ana, Notice.objects.get(account=ana).pk)
    return held


def test_an_appeal_that_succeeds_ends_the_mute_too(appealed, kit, ana, first_days):
    decide(kit, "release")
    assert Message.objects.get(pk=appealed.pk).status == "published"
    assert say(ana, first_days, "thank you").status == "published"


def test_an_appeal_that_fails_is_answered(appealed, kit, ana, first_days):
    decide(kit, "dismiss", "selling")
    assert "The earlier decision stands" in Notice.objects.latest("pk").text
    with pytest.raises(Refused):
        say(ana, first_days, "hello")


def test_an_appeal_makes_nothing_worse(appealed, kit):
    with pytest.raises(DeskRefused) as refused:
        decide(kit, "suspend", "selling", hours=24)
    assert refused.value.code == "wish.appeal"


def test_a_claimed_case_can_not_be_claimed_by_another(held, mo, kit):
    case = Case.objects.get()
    cases.claim(case.pk, mo.pk, now=timezone.now())
    with pytest.raises(DeskRefused) as refused:
        cases.claim(case.pk, kit.pk, now=timezone.now())
    assert refused.value.code == "case.claimed"
    cases.release_claim(case.pk, mo.pk)
    cases.claim(case.pk, kit.pk, now=timezone.now())


def test_who_took_a_case_over_from_whom_is_in_the_log(held, mo, kit):
    case = Case.objects.get()
    cases.claim(case.pk, mo.pk, now=timezone.now())
    cases.take_over(case.pk, kit.pk, now=timezone.now())
    entry = AuditEntry.objects.get(kind="case.taken_over")
    assert (entry.actor_id, entry.data) == (kit.pk, {"before": mo.pk})


def test_words_that_grow_graver_by_an_edit_go_on_in_the_same_case(ana, first_days):
    message = say(ana, first_days, "I want to die")
    editing.edit(ana.pk, "first-days", message.pk, "I want to die today")
    assert (Case.objects.get().severity, Case.objects.get().label) == (1, "crisis")


def test_every_decision_has_its_words():
    for kind in outcomes.KINDS:
        told = statement(kind, "within", content_note="grief", hours=1)
        assert (told is None) == (kind in outcomes.NOBODY_IS_TOLD)
    for kind in outcomes.ON_APPEAL:
        assert statement(kind, "within", content_note="grief", on_appeal=True) is not None


def test_the_context_of_a_case_shows_nothing_that_was_never_sent(client, ana, ben, mo, first_days):
    say(ben, first_days, "my number is 07911 123456")
    say(ben, first_days, "good morning from me")
    say(ana, first_days, HELD)
    sign_in(client, mo, second_factor=True)
    page = client.get(f"/desk/{Case.objects.get().pk}/").content
    assert b"good morning from me" in page
    assert b"07911" not in page


# --- moderators who are limited themselves -------------------------------------------------------


@pytest.fixture(params=["mute", "suspend"])
def limited(request, kit, mo, first_days):
    """kit, whose text mo decided about: muted in the room, or suspended."""
    say(kit, first_days, HELD)
    decide(mo, request.param, "selling", hours=1, also_remove=True)
    return kit


def test_who_is_limited_decides_no_case(limited, held, mo):
    with pytest.raises(DeskRefused) as refused:
        decide(limited, "release")
    assert refused.value.status == 404
    decide(mo, "release")


def test_who_is_limited_finds_no_desk(client, limited):
    page = sign_in(client, limited, second_factor=True).get("/rooms/").content.decode()
    assert client.get("/desk/").status_code == 404
    assert "/desk/" not in page


def test_who_is_limited_watches_no_desk(limited, mo, client):
    for who in (limited, mo):
        sign_in(client, who, second_factor=True)
    found = control.standings([limited.pk, mo.pk])
    assert [bool(found[who.pk].desk_rooms) for who in (limited, mo)] == [False, True]


def test_who_is_limited_lets_nobody_in(limited, mo, lee, first_days):
    asked = Membership.objects.create(
        room=first_days, account=lee, handle=lee.handles.get(), status="requested"
    )
    with pytest.raises(Refused):
        membership.answer_request(limited, "first-days", asked.pk, welcome=True)
    membership.answer_request(mo, "first-days", asked.pk, welcome=True)


def test_who_is_suspended_joins_no_other_room(kit, mo, first_days):
    join = {"handle_name": "kit", "charter_version": 1, "shows_presence": False}
    membership.join(kit, "grief", **join)
    say(kit, first_days, HELD)
    decide(mo, "suspend", "selling", hours=1, also_remove=True)
    with pytest.raises(Refused) as refused:
        membership.join(kit, "cravings-now", **join)
    assert refused.value.code == "limit.suspension"
