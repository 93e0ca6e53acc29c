"""Asking a moderator to look at somebody's message."""

from collections.abc import Collection
from uuid import UUID

from forum.accounts.models import Account
from forum.chat import history, posting, sealed, texts
from forum.chat.models import Message
from forum.errors import Refused, not_found
from forum.rooms import access
from moderation import gate
from moderation.gate import Filing

NOTE_LENGTH = 1_000


def report(
    account_id: int, room_slug: str, message_id: UUID, *, reason: str, note: str = ""
) -> None:
    """Pass a report to the desk. The note is read by moderators only. About one's own message one
    can ask for one thing: that it is removed. What its author took back can be reported for a
    while: nobody strikes and is gone."""
    member = access.membership_for(Account(pk=account_id), room_slug)
    message = history.visible_message(member, message_id)
    if message is None or not message.account_id or not may_be_reported(message, account_id):
        raise not_found()
    if reason not in reasons_for(message, account_id):
        raise Refused("report.reason", "Choose what the report is about.", status=422)
    if note.strip():
        note = texts.clean(note, at_most=NOTE_LENGTH)
    gate.report(
        Filing(posting.ref_of(message), member.room_id, message.account_id, gate.NO_VERDICT),
        reporter_id=account_id,
        reason=reason,
        note=note,
    )


def may_be_reported(message: Message, account_id: int) -> bool:
    """Whether there is something that a moderator could be asked to look at."""
    if message.status == Message.Status.PUBLISHED:
        return True
    is_taken_back = message.status == Message.Status.REMOVED and message.removed_by == "author"
    return is_taken_back and message.account_id != account_id and bool(sealed.open_until(message))


def reasons_for(message: Message, account_id: int) -> Collection[str]:
    """What this account may say that a message is about."""
    return [gate.REMOVE_OWN] if message.account_id == account_id else gate.REPORT_REASONS.keys()
