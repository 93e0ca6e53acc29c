"""What happens to a text on its way into a room."""

import re
import uuid

import markdown_it
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from forum.chat import editing, history, posting, reacting, reporting
from forum.chat.models import Event, Message, Notice, Share
from forum.chat.posting import Post
from forum.errors import Refused
from forum.rooms.models import Membership, Room
from moderation.models import Case, Sanction
from tests.support.cast import say, sign_in

HELD = "who's selling percs? need to cop today"
BLOCKED = "selling percs, hmu, local delivery"
NUDGED = "my number is 07911 123456"
pytestmark = pytest.mark.django_db


def test_an_ordinary_message_is_published_with_the_next_number(ana, first_days):
    first, second = say(ana, first_days, "day four"), say(ana, first_days, "and still here")
    assert (first.status, first.seq, second.seq) == ("published", 1, 2)


def test_a_held_message_has_no_event_and_opens_a_case(ana, first_days):
    message = say(ana, first_days, HELD)
    assert message.status == "held"
    assert not Event.objects.filter(message=message).exists()
    assert Case.objects.get().label == "sourcing"


def test_a_held_message_is_shown_to_its_author_only(ana, ben, first_days):
    say(ana, first_days, HELD)
    seen = {who.pk: history.conversation(_membership(who)) for who in (ana, ben)}
    assert [len(seen[ana.pk]), len(seen[ben.pk])] == [1, 0]


def _membership(who):
    return Membership.objects.select_related("room", "handle").get(account=who)


def test_an_offer_of_drugs_is_blocked_and_says_why(ana, first_days):
    message = say(ana, first_days, BLOCKED)
    assert message.answer["status"] == "blocked"
    assert message.answer["reasons"][0]["text"]


def test_personal_details_are_asked_about_once_and_go_out_when_sent_again(ana, first_days):
    asked = say(ana, first_days, NUDGED)
    assert asked.answer["suggested"] == "my number is [removed]"
    again = say(ana, first_days, NUDGED, nudged=asked.client_id)
    assert (asked.status, again.status) == ("nudged", "published")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("call me on 07911 654321", {}),
        (NUDGED, {"title": "My number"}),
    ],
)
def test_a_question_is_about_these_words_and_no_others(ana, first_days, text, more):
    asked = say(ana, first_days, NUDGED)
    assert say(ana, first_days, text, nudged=asked.client_id, **more).status == "nudged"


def test_a_question_asked_in_one_room_is_asked_again_in_another(ana, first_days):
    other = Room.objects.get(slug="grief")
    Membership.objects.create(room=other, account=ana, handle=ana.handles.get(), posts=50)
    asked = say(ana, first_days, NUDGED)
    assert say(ana, other, NUDGED, nudged=asked.client_id).status == "nudged"


def test_a_question_is_answered_once_and_its_words_are_kept_once(ana, first_days):
    asked = say(ana, first_days, NUDGED)
    say(ana, first_days, NUDGED, nudged=asked.client_id)
    Message.objects.filter(status="published").delete()  # else it were the same text twice
    assert say(ana, first_days, NUDGED, nudged=asked.client_id).status == "nudged"
    asked.refresh_from_db()
    assert asked.body == ""


def test_an_answered_question_lets_one_text_out_and_asks_about_the_others(ana, first_days):
    asked = say(ana, first_days, NUDGED)
    same = [Post(ana.pk, "first-days", NUDGED, uuid.uuid4(), nudged=asked.client_id)
            for _ in range(3)]  # fmt: skip
    assert [m.status for m in posting.post_all(same)] == ["published", "nudged", "nudged"]


def test_the_title_of_an_answered_question_is_kept_once(ana, first_days):
    asked = say(ana, first_days, "Call me.", title=NUDGED)
    answer = say(ana, first_days, "Call me.", title=NUDGED, nudged=asked.client_id)
    titles = [Share.objects.get(pk=m.share_id).title for m in (asked, answer)]
    assert titles == ["", NUDGED]


def test_nothing_is_rendered_while_a_room_is_locked(ana, first_days, monkeypatch):
    """A long text takes its time."""
    depth, seen = len(connection.savepoint_ids), []
    real = markdown_it.MarkdownIt.parse

    def parse(*args):
        seen.append(len(connection.savepoint_ids) - depth)
        return real(*args)

    monkeypatch.setattr(markdown_it.MarkdownIt, "parse", parse)
    message = say(ana, first_days, "**day four**")
    editing.edit(ana.pk, "first-days", message.pk, "**day five**")
    assert seen == [0, 0]


def test_a_share_is_suggested_in_its_two_parts(ana, first_days):
    asked = say(ana, first_days, "Call me.\n\nSoon.", title=NUDGED)
    assert asked.answer["suggested_title"] == "my number is [removed]"
    assert asked.answer["suggested"] == "Call me.\n\nSoon."


def test_details_that_run_from_the_title_into_the_text_get_no_suggestion(ana, first_days):
    asked = say(ana, first_days, "07911 123456", title=NUDGED)
    assert (asked.status, "suggested" in asked.answer) == ("nudged", False)


def test_despair_is_published_and_answered_with_a_card(ana, first_days):
    message = say(ana, first_days, "I want to die")
    assert message.status == "published"
    assert message.answer["support"][0]["card"] == "crisis"
    assert Case.objects.get().severity == 1


def test_a_retry_gets_the_first_answer_and_makes_nothing_new(ana, first_days):
    wanted = Post(ana.pk, "first-days", "hello", uuid.uuid4())
    first, second = posting.post(wanted), posting.post(wanted)
    assert first.pk == second.pk
    assert Message.objects.count() == Event.objects.count() == 1


def test_a_used_client_id_with_other_words_is_refused(ana, first_days):
    client_id = uuid.uuid4()
    posting.post(Post(ana.pk, "first-days", "hello", client_id))
    with pytest.raises(Refused) as refused:
        posting.post(Post(ana.pk, "first-days", "goodbye", client_id))
    assert refused.value.code == "client_id.reused"


def test_a_batch_is_numbered_without_holes_in_its_order(ana, ben, first_days):
    posts = [Post(who.pk, "first-days", f"hello {n}", uuid.uuid4())
             for n, who in enumerate([ana, ben] * 5)]  # fmt: skip
    answers = posting.post_all(posts)
    assert [message.seq for message in answers] == list(range(1, 11))


def test_a_batch_answers_each_post_for_itself(ana, lee, first_days):
    good = Post(ana.pk, "first-days", "hello", uuid.uuid4())
    bad = Post(lee.pk, "first-days", "hello", uuid.uuid4())
    answers = posting.post_all([good, bad, good])
    assert answers[0].pk == answers[2].pk
    assert answers[1].code == "not_found"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text.empty"),
        ("  \n", "text.empty"),
        ("\u200b\u200b", "text.empty"),
        ("a" * 4001, "text.too_long"),
        ("nul \x00", "text.unreadable"),
        ("lone \ud800", "text.unreadable"),
    ],
)
def test_text_that_can_not_be_kept_is_refused_with_a_reason(ana, first_days, text, code):
    with pytest.raises(Refused) as refused:
        say(ana, first_days, text)
    assert refused.value.code == code


def test_the_same_text_twice_in_one_batch_is_one_message(ana, first_days):
    wanted = Post(ana.pk, "first-days", "hello \n", uuid.uuid4())
    first, second = posting.post_all([wanted, wanted])
    assert first.pk == second.pk


def test_who_does_not_belong_is_told_that_there_is_nothing(lee, first_days):
    with pytest.raises(Refused) as refused:
        say(lee, first_days, "hello")
    assert refused.value.code == "not_found"


def test_a_muted_member_can_not_write_and_is_told_until_when(ana, mo, first_days):
    _limit(ana, first_days)
    with pytest.raises(Refused) as refused:
        say(ana, first_days, "hello")
    assert refused.value.code == "limit.mute"


def _limit(who, room):
    from moderation.models import Decision

    case = Case.objects.create(
        content_kind="message", content_id="x", room_id=room.pk, severity=3, label="insult",
        action="hold", source="engine", due_at=timezone.now(),
    )  # fmt: skip
    decision = Decision.objects.create(case=case, kind="mute", reason="attack")
    Sanction.objects.create(
        account_id=who.pk, room_id=room.pk, kind="mute", decision=decision,
        ends_at=timezone.now() + timezone.timedelta(hours=1),
    )  # fmt: skip


def test_a_closed_room_takes_no_message(ana, first_days):
    Room.objects.filter(pk=first_days.pk).update(closed_on=timezone.localdate())
    with pytest.raises(Refused) as refused:
        say(ana, first_days, "hello")
    assert refused.value.code == "room.closed"


def test_the_database_itself_refuses_to_publish_the_unscreened(ana, first_days):
    message = say(ana, first_days, "hello")
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(screening_id=None)


def test_a_share_opens_with_its_title_and_counts_replies(ana, ben, first_days):
    opener = say(ana, first_days, "It began in spring.", title="My first week")
    say(ben, first_days, "Thank you", share_id=opener.share_id)
    opener.share.refresh_from_db()
    assert (opener.share.title, opener.share.replies) == ("My first week", 1)


def test_a_reply_to_a_share_of_another_room_finds_nothing(ana, first_days):
    other = Room.objects.get(slug="grief")
    handle = ana.handles.get()
    Membership.objects.create(room=other, account=ana, handle=handle, posts=50)
    opener = say(ana, other, "It began in spring.", title="Elsewhere")
    with pytest.raises(Refused) as refused:
        say(ana, first_days, "hello", share_id=opener.share_id)
    assert refused.value.code == "share.gone"


def test_an_edit_is_screened_and_the_message_stays_when_it_does_not_pass(ana, first_days):
    message = say(ana, first_days, "hello")
    with pytest.raises(Refused) as refused:
        editing.edit(ana.pk, "first-days", message.pk, BLOCKED)
    message.refresh_from_db()
    assert (refused.value.code, message.body) == ("edit.refused", "hello")


@pytest.mark.parametrize(
    "words",
    [BLOCKED, "who's selling percs? need to cop today", "shut up, you worthless junkie, go die"],
)
def test_nobody_is_told_that_a_moderator_looks_at_an_edit(ana, first_days, words):
    message = say(ana, first_days, "hello")
    with pytest.raises(Refused) as refused:
        editing.edit(ana.pk, "first-days", message.pk, words)
    assert refused.value.detail.startswith("The new words can't go in, and the message stays")
    assert not re.search("moderator|first|send|sent|wait", refused.value.detail)


def test_an_edit_with_personal_details_is_asked_about_once(ana, first_days):
    message = say(ana, first_days, "hello")
    with pytest.raises(Refused) as refused:
        editing.edit(ana.pk, "first-days", message.pk, NUDGED)
    message.refresh_from_db()
    assert (refused.value.code, message.body) == ("edit.nudged", "hello")
    assert "my number is [removed]" in refused.value.detail
    assert editing.edit(ana.pk, "first-days", message.pk, NUDGED).body == NUDGED


def test_the_suggestion_for_new_words_of_a_share_leaves_its_title_out(ana, first_days):
    opener = say(ana, first_days, "It began in spring.", title="My first week")
    with pytest.raises(Refused) as refused:
        editing.edit(ana.pk, "first-days", opener.pk, NUDGED)
    assert refused.value.detail.endswith("Without the details: “my number is [removed]”")


def test_an_edit_that_was_asked_about_lets_no_other_words_through(ana, first_days):
    message = say(ana, first_days, "hello")
    for text in (NUDGED, "call me on 07911 654321"):
        with pytest.raises(Refused) as refused:
            editing.edit(ana.pk, "first-days", message.pk, text)
        assert refused.value.code == "edit.nudged"


def test_nobody_in_danger_is_kept_from_an_edit_by_a_question(ana, first_days):
    message = say(ana, first_days, "hello")
    editing.edit(ana.pk, "first-days", message.pk, f"I want to die, {NUDGED}")
    assert Case.objects.get().severity == 1


def test_the_form_of_an_edit_keeps_the_words_and_says_why_they_wait(client, ana, first_days):
    message = say(ana, first_days, "hello")
    address = reverse("chat:edit", args=["first-days", message.pk])
    page = sign_in(client, ana).post(address, {"body": NUDGED})
    assert page.status_code == 409
    assert f"{NUDGED}</textarea>" in page.content.decode()
    assert "save once more" in page.content.decode()
    assert client.post(address, {"body": NUDGED}).status_code == 302


def test_an_edit_is_an_event_of_its_own(ana, first_days):
    message = say(ana, first_days, "hello")
    editing.edit(ana.pk, "first-days", message.pk, "hello again")
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["message.posted", "message.edited"]


def test_nobody_edits_or_deletes_the_words_of_others(ana, ben, first_days):
    message = say(ana, first_days, "hello")
    for call in (
        lambda: editing.edit(ben.pk, "first-days", message.pk, "mine now"),
        lambda: editing.delete(ben.pk, "first-days", message.pk),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.code == "not_found"


def test_after_fifteen_minutes_a_message_stays_as_it_is(ana, first_days):
    message = say(ana, first_days, "hello")
    Message.objects.update(sent_at=timezone.now() - timezone.timedelta(minutes=16))
    with pytest.raises(Refused) as refused:
        editing.delete(ana.pk, "first-days", message.pk)
    assert refused.value.code == "edit.too_late"


def test_what_its_author_takes_back_is_erased(ana, first_days):
    message = say(ana, first_days, "hello")
    editing.delete(ana.pk, "first-days", message.pk)
    message.refresh_from_db()
    assert (message.status, message.body, message.body_html) == ("removed", "", "")


@pytest.mark.parametrize("title", ["", "Look at this"])
def test_taking_a_text_back_does_not_make_it_new(ana, first_days, title):
    for _ in range(2):
        message = say(ana, first_days, "everybody come and look at this today", title=title)
        editing.delete(ana.pk, "first-days", message.pk)
    again = say(ana, first_days, "everybody come and look at this today", title=title)
    assert (message.status, again.status) == ("published", "blocked")


def test_a_reaction_counts_once_and_can_be_taken_back(ana, ben, first_days):
    message = say(ana, first_days, "hello")
    for _ in range(2):
        shown = reacting.set_reaction(ben.pk, "first-days", message.pk, kind="hug", on=True)
    assert shown.reactions == {"hug": 1}
    assert reacting.toggle(ben.pk, "first-days", message.pk, kind="hug").reactions == {}


def test_a_report_opens_one_case_however_many_report(ana, ben, mo, first_days):
    message = say(ana, first_days, "hello")
    for who in (ben, mo, ben):
        reporting.report(who.pk, "first-days", message.pk, reason="attack", note="look")
    assert Case.objects.get().reports.count() == 2


def test_a_report_without_a_known_reason_is_refused(ana, ben, first_days):
    message = say(ana, first_days, "hello")
    with pytest.raises(Refused) as refused:
        reporting.report(ben.pk, "first-days", message.pk, reason="dislike")
    assert refused.value.code == "report.reason"
    assert not Notice.objects.exists()


def test_new_words_of_a_share_are_screened_with_its_title(ben, first_days):
    opener = say(ben, first_days, "my old bicycle, since nobody asked", title="I am selling")
    assert opener.status == "published"
    with pytest.raises(Refused):
        editing.edit(
            ben.pk, first_days.slug, opener.pk, "fentanyl patches and oxy, in Boston tonight"
        )
    opener.refresh_from_db()
    assert "bicycle" in opener.body
