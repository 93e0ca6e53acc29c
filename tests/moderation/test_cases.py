"""Decisions of moderators: what they do, who may take them, what stays in the log."""

import pytest
from django.utils import timezone

from forum.chat import notices
from forum.chat.models import Message, Notice
from forum.errors import Refused
from moderation import audit, cases
from moderation.cases import Wish
from moderation.models import AuditEntry, Case, Decision
from moderation.refusals import DeskRefused
from tests.support.cast import say

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
    assert cases.REASONS["selling"] in Notice.objects.get(account=ana).text


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
