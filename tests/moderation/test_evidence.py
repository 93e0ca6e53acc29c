"""What a case is about stays to be seen, whatever its author does with the words meanwhile."""

import pytest
from django.urls import reverse

from forum.chat import announcing, editing, posting, reporting
from forum.chat.models import Message
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
