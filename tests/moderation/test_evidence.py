"""What a case is about stays to be seen, whatever its author does with the words meanwhile."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from forum.chat import announcing, editing, posting, reporting, sealed
from forum.chat.models import Message, SealedWords
from forum.errors import Refused
from moderation import cases, gate
from moderation.models import Case, Evidence
from tests.support.cast import say, sign_in

pytestmark = pytest.mark.django_db
RUDE = "you are a waste of space and everybody says so"
MILD = "sorry, a bad day"


@pytest.fixture
def desk(client, mo):
    return sign_in(client, mo, second_factor=True)


@pytest.fixture
def reported(ana, ben, first_days):
    """A message that ben reported."""
    message = say(ana, first_days, "nobody would miss you, ben")
    reporting.report(ben.pk, "first-days", message.pk, reason="attack")
    return message


def page_of(desk):
    return desk.get(reverse("desk:case", args=[Case.objects.latest("pk").pk])).content.decode()


def kinds_on(page):
    return [kind for kind in cases.KINDS if f'name="kind" value="{kind}"' in page]


def test_an_unchanged_text_is_shown_once(desk, reported):
    page = page_of(desk)
    assert page.count("nobody would miss you") == 1
    assert "It is in the room now." in page


def test_after_an_edit_the_desk_sees_the_text_as_reported_and_as_it_is_now(desk, reported, ana):
    editing.edit(ana.pk, "first-days", reported.pk, MILD)
    page = page_of(desk)
    assert page.index("nobody would miss you") < page.index(MILD)
    assert "As it was when it was reported" in page
    assert "As it is now" in page


def test_after_it_was_taken_back_the_desk_still_sees_what_was_reported(desk, reported, ana):
    editing.delete(ana.pk, "first-days", reported.pk)
    page = page_of(desk)
    assert "nobody would miss you" in page
    assert "Its author took it back" in page
    assert Message.objects.get(pk=reported.pk).body == ""


def test_for_what_was_taken_back_only_what_can_be_done_is_offered(desk, reported, ana):
    assert "remove" in kinds_on(page_of(desk))
    editing.delete(ana.pk, "first-days", reported.pk)
    assert kinds_on(page_of(desk)) == ["warn", "mute", "suspend", "dismiss"]


def test_the_marks_stay_with_the_words_in_which_something_was_found(desk, ana, first_days):
    message = say(ana, first_days, "I want to die")
    Message.objects.filter(pk=message.pk).update(body="a longer text without anything in it")
    page = page_of(desk)
    assert "<mark>want to die</mark>" in page
    assert page.count("<mark>") == 1


def test_a_second_report_of_the_same_words_keeps_them_once(reported, mo):
    reporting.report(mo.pk, "first-days", reported.pk, reason="worried")
    assert Evidence.objects.count() == 1


def test_words_reported_after_an_edit_are_kept_beside_the_first(reported, ana, mo):
    editing.edit(ana.pk, "first-days", reported.pk, MILD)
    reporting.report(mo.pk, "first-days", reported.pk, reason="other")
    assert [row.text for row in cases.evidence_of(Case.objects.get())] == [
        "nobody would miss you, ben",
        MILD,
    ]


def test_what_the_engine_let_out_by_itself_leaves_no_copy_at_the_desk(ana, first_days, settings):
    settings.MODERATION_ENGINE = "tests.support.engines.Throws.load"
    gate.runner.cache_clear()
    say(ana, first_days, "hello there")
    assert Evidence.objects.count() == 1
    settings.MODERATION_ENGINE = "moderation.engine.screener.Screener.load"
    gate.runner.cache_clear()
    gate.rescreen_due()
    assert not Evidence.objects.exists()


class Desk:
    """Hears what moderators who watch the desk are told."""

    def __init__(self):
        self.heard = []

    def desk(self, room_id, frame, besides):
        self.heard.append(frame["type"])

    def room_events(self, room_id, slug, frames):
        pass


@pytest.fixture
def watching():
    listener = Desk()
    announcing.use(listener)
    yield listener
    announcing.use(None)


@pytest.mark.parametrize("change", ["edit", "delete"])
def test_moderators_are_told_when_the_author_changes_or_takes_back_a_reported_text(
    reported, ana, watching, change, django_capture_on_commit_callbacks
):
    words = [MILD] if change == "edit" else []
    with django_capture_on_commit_callbacks(execute=True):
        getattr(editing, change)(ana.pk, "first-days", reported.pk, *words)
    assert watching.heard == ["desk.case_changed"]


def test_an_edit_of_what_has_no_case_is_no_news_for_the_desk(
    ana, first_days, watching, django_capture_on_commit_callbacks
):
    message = say(ana, first_days, "hello")
    with django_capture_on_commit_callbacks(execute=True):
        editing.edit(ana.pk, "first-days", message.pk, MILD)
    assert watching.heard == []


def test_what_was_asked_about_and_never_sent_can_not_be_published_by_the_desk(ana, first_days):
    from moderation import ports

    asked = say(ana, first_days, "my number is 07911 123456")
    assert not ports.owner().release(posting.ref_of(asked), verdict=None)


def test_evidence_below_a_title_is_marked_where_it_stands(desk, ana, first_days):
    say(ana, first_days, "Hello all. Who is selling percs? Need some.", title="My first week")
    marked = page_of(desk).split("<mark>")[1].split("</mark>")[0]
    assert marked == "Who is selling percs"


# --- strike and be gone --------------------------------------------------------------------------


def test_what_its_author_took_back_at_once_can_still_be_reported(desk, ana, ben, first_days):
    struck = say(ana, first_days, "nobody would miss you, ben")
    editing.delete(ana.pk, "first-days", struck.pk)
    reporting.report(ben.pk, "first-days", struck.pk, reason="attack")
    page = page_of(desk)
    assert "nobody would miss you" in page
    assert "As it was before its author changed it or took it back" in page
    assert kinds_on(page) == ["warn", "mute", "suspend", "dismiss"]


def test_what_it_said_before_an_edit_comes_with_a_report(ana, ben, first_days):
    struck = say(ana, first_days, "nobody would miss you, ben")
    editing.edit(ana.pk, "first-days", struck.pk, MILD)
    reporting.report(ben.pk, "first-days", struck.pk, reason="attack")
    reporting.report(ben.pk, "first-days", struck.pk, reason="attack")
    assert [row.text for row in cases.evidence_of(Case.objects.get())] == [
        "nobody would miss you, ben",
        MILD,
    ]


def test_a_share_that_was_taken_back_is_reported_with_its_title(ana, ben, first_days):
    share = say(ana, first_days, "It began so.", title="Ben is a liar")
    editing.delete(ana.pk, "first-days", share.pk)
    reporting.report(ben.pk, "first-days", share.pk, reason="attack")
    assert [(row.title, row.text) for row in Evidence.objects.all()] == [
        ("Ben is a liar", "It began so.")
    ]


def test_words_that_nobody_has_read_are_not_kept(ana, ben, first_days):
    held = say(ana, first_days, "who's selling percs? need to cop today")
    editing.delete(ana.pk, "first-days", held.pk)
    assert not SealedWords.objects.exists()
    with pytest.raises(Refused):
        reporting.report(ben.pk, "first-days", held.pk, reason="selling")


def test_what_was_taken_back_is_read_by_nobody_but_the_desk(client, ana, ben, first_days):
    struck = say(ana, first_days, "nobody would miss you, ben")
    editing.delete(ana.pk, "first-days", struck.pk)
    pages = [first_days.get_absolute_url(), reverse("chat:message", args=["first-days", struck.pk])]
    for who in (ana, ben):
        sign_in(client, who)
        for page in pages:
            assert "nobody would miss" not in client.get(page).content.decode()


def test_its_author_is_not_asked_to_report_it(client, ana, ben, first_days):
    struck = say(ana, first_days, "nobody would miss you, ben")
    editing.delete(ana.pk, "first-days", struck.pk)
    address = reverse("chat:message", args=["first-days", struck.pk])
    assert (
        "Its author took it back. If what you read"
        in sign_in(client, ben).get(address).content.decode()
    )
    assert 'id="report"' not in sign_in(client, ana).get(address).content.decode()
    with pytest.raises(Refused):
        reporting.report(ana.pk, "first-days", struck.pk, reason=gate.REMOVE_OWN)


def test_after_its_time_it_is_erased_and_can_not_be_reported(ana, ben, first_days, settings):
    struck = say(ana, first_days, "nobody would miss you, ben")
    editing.delete(ana.pk, "first-days", struck.pk)
    old = timezone.now() - timedelta(hours=settings.SEALED_HOURS, seconds=1)
    SealedWords.objects.update(at=old)
    with pytest.raises(Refused):
        reporting.report(ben.pk, "first-days", struck.pk, reason="attack")
    assert sealed.erase_due() == 1
    assert not SealedWords.objects.exists()


def test_what_is_younger_is_kept(ana, first_days):
    struck = say(ana, first_days, "nobody would miss you, ben")
    editing.delete(ana.pk, "first-days", struck.pk)
    assert sealed.erase_due() == 0
    assert SealedWords.objects.exists()
