"""Changing and taking back one's own words, within the time that is given for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from forum.accounts.models import Account
from forum.chat import (
    announcing,
    answers,
    authors,
    edit_words,
    log,
    posting,
    rendering,
    sealed,
    texts,
)
from forum.chat.authors import Author
from forum.chat.models import MESSAGE_LENGTH, SHARE_LENGTH, Event, Message, Share
from forum.errors import Refused, not_found
from forum.rooms import access
from moderation import gate
from moderation.gate import Action, Draft, Filing, Screened, Verdict

GOES_OUT = (Action.ALLOW, Action.SUPPORT, Action.NOTE)


def edit(account_id: int, room_slug: str, message_id: UUID, body: str) -> Message:
    """Put new words in the place of one's own. They are screened like new ones; when they can't go
    out, the message stays as it was and Refused says why. About words that need a second thought
    the author is asked once: saved again they go out."""
    author = authors.author_of(account_id, room_slug, now=timezone.now())
    message = _own(author.room_id, account_id, message_id)
    body = texts.clean(body, at_most=SHARE_LENGTH if message.opens_share else MESSAGE_LENGTH)
    is_meant = texts.digest(body) in (message.asked_digest, texts.digest(message.body))
    title = message.share.title if message.share and message.opens_share else ""
    draft, verdict = _screened(author, texts.whole(title, body), is_meant=is_meant)
    if verdict.action == Action.NUDGE:
        Message.objects.filter(pk=message.pk).update(asked_digest=texts.digest(body))
    if verdict.action not in GOES_OUT:
        raise edit_words.not_changed(verdict, title=title)
    body_html = rendering.render(body)
    with transaction.atomic():
        gate.lock_case(posting.ref_of(message))
        rooms = log.lock_rooms([author.room_id])
        if refusal := authors.changed_since([author], rooms).get(author.key):
            raise refusal
        message = _own(author.room_id, account_id, message_id)
        if message.body != body:
            sealed.seal(message)
        message.body, message.body_html = body, body_html
        _write(message, draft, verdict)
        event = log.append_one(
            message.room_id, Event.Kind.MESSAGE_EDITED, message, at=timezone.now()
        )
        announcing.after_commit([event])
    return message


def _screened(author: Author, text: str, *, is_meant: bool) -> tuple[Draft, Verdict]:
    draft = author.draft(text, nudged=is_meant)
    verdict = gate.screen([draft])[0]
    if verdict.action == Action.NUDGE and verdict.support:
        # Nobody in danger is kept waiting by a question: an edit has no card to give beside it.
        draft = author.draft(text, nudged=True)
        verdict = gate.screen([draft])[0]
    return draft, verdict


def _write(message: Message, draft: Draft, verdict: Verdict) -> None:
    message.edited_at, message.asked_digest = timezone.now(), ""
    message.content_note = message.content_note or verdict.content_note or ""
    message.correction = answers.correction_data(verdict)
    ref = posting.ref_of(message)
    message.screening_id = gate.keep([Screened(ref, message.room_id, draft, verdict)])[0]
    message.save(
        update_fields=[
            "body",
            "body_html",
            "edited_at",
            "asked_digest",
            "content_note",
            "correction",
            "screening_id",
        ]
    )
    if verdict.severity and message.account_id:
        gate.file_case(Filing(ref, message.room_id, message.account_id, verdict))
    else:
        gate.content_changed(ref)


def delete(account_id: int, room_slug: str, message_id: UUID) -> Message:
    """Take one's own message back from everybody. Its words are erased, but for a while what
    others may have read can be brought before a moderator; what a case is about stays there."""
    member = access.membership_for(Account(pk=account_id), room_slug)
    with transaction.atomic():
        log.lock_rooms([member.room_id])
        message = _own(member.room_id, account_id, message_id, and_held=True)
        event = take_away(message, by="author")
        gate.content_changed(posting.ref_of(message))
        announcing.after_commit([event] if event else [])
    return message


def take_away(message: Message, *, by: str) -> Event | None:
    """Remove a message whose room is locked. The event, when there was something to be seen.

    A moderator's removal keeps the words, out of everybody's sight, for the author's appeal.
    """
    was_public = message.status == Message.Status.PUBLISHED
    message.status, message.removed_by = Message.Status.REMOVED, by
    if by == "author":
        if was_public:
            sealed.seal(message)
        _erase(message)
    message.save(
        update_fields=["status", "removed_by", "body", "body_html", "correction", "answer"]
    )
    if not was_public:
        return None
    _count_down(message)
    return log.append_one(message.room_id, Event.Kind.MESSAGE_REMOVED, message, at=timezone.now())


def _erase(message: Message) -> None:
    message.body = message.body_html = ""
    message.correction = None
    message.answer = answers.without_words(message.answer)
    if message.share and message.opens_share:
        message.share.title = ""
        message.share.save(update_fields=["title"])


def _count_down(message: Message) -> None:
    if message.share_id and not message.opens_share:
        Share.objects.filter(pk=message.share_id, replies__gt=0).update(replies=F("replies") - 1)


def count_up(message: Message, seq: int) -> None:
    """A message of a share came (back) into sight with this event."""
    if message.share_id:
        replies = 0 if message.opens_share else 1
        Share.objects.filter(pk=message.share_id).update(
            replies=F("replies") + replies, last_seq=seq
        )


def _own(room_id: int, account_id: int, message_id: UUID, *, and_held: bool = False) -> Message:
    """The account's own message, if it may still be changed."""
    open_to_change: Sequence[str] = [Message.Status.PUBLISHED]
    if and_held:
        open_to_change = [Message.Status.PUBLISHED, Message.Status.HELD, Message.Status.NUDGED]
    message = (
        Message.objects.select_related("handle", "share", "room")
        .filter(pk=message_id, room_id=room_id, account_id=account_id, status__in=open_to_change)
        .first()
    )
    if message is None:
        raise not_found()
    if not may_still_change(message, now=timezone.now()):
        minutes = settings.EDIT_SECONDS // 60
        raise Refused(
            "edit.too_late",
            f"Messages can be changed for {minutes} minutes. If this one must go, ask for it under"
            " More: a moderator can remove it.",
        )
    return message


def may_still_change(message: Message, *, now: datetime) -> bool:
    """What others have read stays after a while; what nobody has seen can always be taken back."""
    if message.status != Message.Status.PUBLISHED:
        return True
    return now - message.sent_at <= timedelta(seconds=settings.EDIT_SECONDS)
