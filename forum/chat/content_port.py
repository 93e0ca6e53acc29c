"""What moderation may ask of the rooms: the forum's side of moderation.ports."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from forum.accounts import revocation
from forum.accounts.models import Account
from forum.chat import announcing, answers, authors, editing, log, posting, sealed, texts
from forum.chat.models import Event, Message
from forum.chat.models import Notice as StoredNotice
from forum.errors import Refused
from forum.rooms.models import Membership, Room
from moderation import gate
from moderation.gate import ContentRef, Draft, Verdict
from moderation.ports import Content, Notice, RoomCard


class RoomContent:
    """Implements moderation.ports.ContentOwner for messages and shares."""

    def content(self, ref: ContentRef) -> Content | None:
        message = _find(ref)
        return _content(message) if message else None

    def earlier_words(self, ref: ContentRef) -> Sequence[tuple[str, str]]:
        message = _find(ref)
        return [(w.title, w.body) for w in sealed.words_of(message)] if message else []

    def draft(self, ref: ContentRef) -> Draft | None:
        message = _find(ref)
        if message is None or message.account_id is None or not message.body:
            return None
        found = authors.authors_of({(message.account_id, message.room.slug)}, now=timezone.now())[
            message.account_id, message.room.slug
        ]
        text = texts.whole(_title(message), message.body)
        if isinstance(found, Refused):  # left or limited since: screen it as a stranger's
            return Draft(text, preset=message.room.preset)
        return found.draft(text)

    def context(self, ref: ContentRef, *, before: int, after: int) -> Sequence[Content]:
        message = _find(ref)
        if message is None:
            return []
        # What was asked about or refused was never sent: it is nobody's but its author's.
        unsent = (Message.Status.NUDGED, Message.Status.BLOCKED)
        around = _conversation_of(message).exclude(status__in=unsent).exclude(body="")
        is_earlier = Q(place__lt=message.place) | Q(place=message.place, id__lt=message.id)
        earlier = around.filter(is_earlier).order_by("-place", "-id")[:before]
        later = around.exclude(is_earlier).exclude(pk=message.pk).order_by("place", "id")[:after]
        return [_content(m) for m in [*reversed(earlier), message, *later]]

    def release(self, ref: ContentRef, *, verdict: Verdict | None, note: str = "") -> bool:
        message = _locked(ref)
        if message is None or not _may_come_back(message):
            return False
        message.status, message.removed_by = Message.Status.PUBLISHED, ""
        message.content_note = note or message.content_note
        if verdict is not None:
            message.correction = answers.correction_data(verdict)
            message.content_note = message.content_note or verdict.content_note or ""
        kind = Event.Kind.SHARE_OPENED if message.opens_share else Event.Kind.MESSAGE_POSTED
        event = log.append_one(message.room_id, kind, message, at=timezone.now())
        message.seq = event.seq
        message.save(update_fields=["status", "removed_by", "content_note", "correction", "seq"])
        editing.count_up(message, event.seq)
        announcing.after_commit([event])
        return True

    def remove(self, ref: ContentRef) -> bool:
        message = _locked(ref)
        if message is None or message.status == Message.Status.REMOVED:
            return False
        event = editing.take_away(message, by="moderator")
        announcing.after_commit([event] if event else [])
        return True

    def add_note(self, ref: ContentRef, note: str) -> bool:
        message = _locked(ref)
        if message is None or message.status != Message.Status.PUBLISHED:
            return False
        message.content_note = note
        message.save(update_fields=["content_note"])
        event = log.append_one(
            message.room_id, Event.Kind.MESSAGE_EDITED, message, at=timezone.now()
        )
        announcing.after_commit([event])
        return True

    def tell_author(self, ref: ContentRef, notice: Notice) -> None:
        message = _find(ref)
        if message is not None and message.account_id is not None:
            _tell(message.account_id, message.room, message, notice)

    def tell_account(self, account_id: int, room_id: int | None, notice: Notice) -> None:
        room = Room.objects.filter(pk=room_id).first() if room_id else None
        _tell(account_id, room, None, notice)

    def limit_changed(self, account_id: int) -> None:
        revocation.access_changed(account_id)

    def rooms_moderated_by(self, account_id: int) -> Mapping[int, RoomCard]:
        rooms = Room.objects.all()
        if not Account.objects.filter(pk=account_id, is_lead=True, is_active=True).exists():
            rooms = rooms.filter(
                memberships__account_id=account_id,
                memberships__account__is_active=True,
                memberships__role=Membership.Role.MODERATOR,
                memberships__status=Membership.Status.ACTIVE,
            )
        limits = gate.limits_on([account_id], now=timezone.now())
        return {
            room.pk: RoomCard(room.pk, room.slug, room.name, room.preset)
            for room in rooms
            if gate.limit_on(limits, account_id, room.pk) is None
        }

    def preset_of(self, slug: str) -> str | None:
        return Room.objects.filter(slug=slug).values_list("preset", flat=True).first()

    def handle_in(self, account_id: int, room_id: int) -> str:
        """The handle under which an account is known in a room; empty when it is not in it."""
        member = (
            Membership.objects.select_related("handle")
            .filter(account_id=account_id, room_id=room_id)
            .first()
        )
        return member.handle.name if member else ""

    def tell_desk(self, room_id: int, frame: Mapping[str, Any], *, author_id: int | None) -> None:
        slug = Room.objects.values_list("slug", flat=True).get(pk=room_id)
        announcing.desk(room_id, {**frame, "room": slug}, besides=author_id)

    def mark_screened(self, ref: ContentRef, screening_id: UUID) -> None:
        Message.objects.filter(pk=ref.id).update(screening_id=screening_id)


def _find(ref: ContentRef) -> Message | None:
    return Message.objects.select_related("room", "handle", "share").filter(pk=ref.id).first()


def _locked(ref: ContentRef) -> Message | None:
    """The message with its room locked, read again under the lock."""
    message = _find(ref)
    if message is None:
        return None
    log.lock_rooms([message.room_id])
    return _find(ref)


def _may_come_back(message: Message) -> bool:
    """Held and blocked texts, and what a moderator (never its author) had removed. What its author
    was only asked about was never sent."""
    waiting = (Message.Status.HELD, Message.Status.BLOCKED)
    by_moderator = message.status == Message.Status.REMOVED and message.removed_by == "moderator"
    return message.status in waiting or by_moderator


def _conversation_of(message: Message) -> QuerySet[Message]:
    rows = Message.objects.filter(room_id=message.room_id).select_related("room", "handle", "share")
    if message.share_id is None:
        return rows.filter(share__isnull=True)
    return rows.filter(share_id=message.share_id)


def _title(message: Message) -> str:
    return message.share.title if message.opens_share and message.share else ""


def _content(message: Message) -> Content:
    return Content(
        ref=posting.ref_of(message),
        room_id=message.room_id,
        author_id=message.account_id,
        handle=message.handle.name,
        text=message.body,
        title=_title(message),
        sent_at=message.sent_at,
        status=message.status,
        content_note=message.content_note,
        removed_by=message.removed_by,
        address=reverse("chat:message", args=[message.room.slug, message.pk]),
    )


def _tell(account_id: int, room: Room | None, message: Message | None, notice: Notice) -> None:
    stored = StoredNotice.objects.create(
        account_id=account_id, room=room, message=message, kind=notice.kind, text=notice.text
    )
    frame = {
        "type": "notice",
        "id": stored.pk,
        "kind": notice.kind,
        "text": notice.text,
        "room": room.slug if room else None,
        "message_id": str(message.pk) if message else None,
        "client_id": str(message.client_id) if message else None,
    }
    announcing.private(account_id, frame)
