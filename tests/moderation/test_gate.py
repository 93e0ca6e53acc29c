"""The gate fails closed, whatever goes wrong behind it; and opens again by itself."""

import uuid

import pytest

from forum.chat import editing, history, posting
from forum.chat.models import Event, Message, Notice
from forum.chat.posting import Post
from forum.errors import Refused
from forum.rooms.models import Membership
from moderation import gate
from moderation.models import Case, Screening
from tests.support import engines
from tests.support.cast import say

pytestmark = pytest.mark.django_db
FAULTY = ["Throws", "Short", "NotANumber", "CannotLoad", "Hangs", "NoSuchEngine"]


def use_engine(settings, name):
    settings.MODERATION_ENGINE = f"tests.support.engines.{name}.load"
    settings.GATE_DEADLINE = 0.1 if name == "Hangs" else 5.0
    gate.runner.cache_clear()


def back_to_normal(settings):
    settings.MODERATION_ENGINE = "moderation.engine.screener.Screener.load"
    settings.GATE_DEADLINE = 5.0
    gate.runner.cache_clear()
    engines.Hangs.released.set()


@pytest.fixture(params=FAULTY)
def faulty(request, settings):
    engines.Hangs.released.clear()
    use_engine(settings, request.param)
    yield request.param
    engines.Hangs.released.set()


def test_with_a_faulty_engine_a_message_is_held_and_its_author_told(faulty, ana, first_days):
    message = say(ana, first_days, "hello")
    assert message.status == "held"
    assert message.answer["reasons"][0]["label"] == "unscreened"
    assert not Event.objects.exists()


def test_with_a_faulty_engine_the_desk_has_a_case_and_readiness_says_so(faulty, ana, first_days):
    say(ana, first_days, "hello")
    assert Case.objects.get().source == "unscreened"
    assert gate.engine_fault()


def test_with_a_faulty_engine_a_share_is_held(faulty, ana, first_days):
    assert say(ana, first_days, "It began.", title="My week").status == "held"


def test_with_a_faulty_engine_an_edit_changes_nothing(faulty, ana, first_days, settings):
    message = Message.objects.get(pk=_published(ana, first_days, settings, faulty).pk)
    with pytest.raises(Refused) as refused:
        editing.edit(ana.pk, "first-days", message.pk, "other words")
    message.refresh_from_db()
    assert (refused.value.code, message.body) == ("edit.unchecked", "hello")


def _published(who, room, settings, faulty):
    back_to_normal(settings)
    message = say(who, room, "hello")
    engines.Hangs.released.clear()
    use_engine(settings, faulty)
    return message


def test_with_a_faulty_engine_no_new_handle_is_given_out(faulty, ana):
    from forum.accounts import handles

    with pytest.raises(Refused) as refused:
        handles.claim_handle(ana, "brave-robin-20")
    assert refused.value.code == "handle.unchecked"


def test_when_the_engine_is_back_what_was_held_is_released_in_its_place(
    faulty, ana, ben, first_days, settings
):
    held = say(ana, first_days, "hello")
    back_to_normal(settings)
    say(ben, first_days, "something later")
    assert gate.rescreen_due() == 1
    held.refresh_from_db()
    seen = history.conversation(Membership.objects.get(account=ben))
    assert (held.status, next(m.pk for m in seen)) == ("published", held.pk)


def test_the_author_of_a_released_message_is_told(ana, first_days, settings):
    use_engine(settings, "Throws")
    say(ana, first_days, "hello")
    back_to_normal(settings)
    gate.rescreen_due()
    assert Notice.objects.get(account=ana).kind == "released"
    assert Case.objects.get().outcome == "released"


def test_what_would_have_been_held_stays_held_with_its_label(ana, first_days, settings):
    use_engine(settings, "Throws")
    held = say(ana, first_days, "who's selling percs? need to cop today")
    back_to_normal(settings)
    gate.rescreen_due()
    held.refresh_from_db()
    case = Case.objects.get()
    assert (held.status, case.status, case.label) == ("held", "open", "sourcing")


def test_what_would_have_been_blocked_is_taken_away(ana, first_days, settings):
    use_engine(settings, "Throws")
    held = say(ana, first_days, "selling percs, hmu, local delivery")
    back_to_normal(settings)
    gate.rescreen_due()
    held.refresh_from_db()
    assert held.status == "removed"
    assert Notice.objects.get(account=ana).kind == "refused"


def test_despair_that_waited_opens_its_case_when_it_is_screened(ana, first_days, settings):
    use_engine(settings, "Throws")
    say(ana, first_days, "I want to die")
    back_to_normal(settings)
    gate.rescreen_due()
    assert Case.objects.get(status="open").severity == 1


def test_one_poisonous_text_holds_nobody_else_up(ana, ben, first_days, settings):
    use_engine(settings, "Poisoned")
    good = Post(ana.pk, "first-days", "hello", uuid.uuid4())
    bad = Post(ben.pk, "first-days", "poison", uuid.uuid4())
    assert [m.status for m in posting.post_all([good, bad])] == ["published", "held"]


def test_a_text_on_which_the_engine_keeps_choking_is_left_to_a_person(ana, first_days, settings):
    use_engine(settings, "Poisoned")
    say(ana, first_days, "poison")
    for _ in range(5):
        Screening.objects.update(lease_until=None)  # the pause after an attempt is over
        gate.rescreen_due()
    assert Screening.objects.get().state == "stuck"
    assert Case.objects.get().status == "open"


def test_while_the_engine_is_down_no_attempt_is_counted(ana, first_days, settings):
    use_engine(settings, "Throws")
    say(ana, first_days, "hello")
    for _ in range(6):
        gate.rescreen_due()
    assert Screening.objects.get().state == "pending"


def test_what_its_author_took_back_while_it_waited_is_not_released(ana, first_days, settings):
    use_engine(settings, "Throws")
    held = say(ana, first_days, "hello")
    editing.delete(ana.pk, "first-days", held.pk)
    back_to_normal(settings)
    gate.rescreen_due()
    held.refresh_from_db()
    assert (held.status, Event.objects.count()) == ("removed", 0)
