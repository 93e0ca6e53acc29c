"""Messages, shares and the event log of each room: the truth that sockets only hint at."""

import os
import time
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from forum.accounts.models import Account, Handle
from forum.rooms.models import Room

MESSAGE_LENGTH = 4_000
SHARE_LENGTH = 16_000
TITLE_LENGTH = 120


def new_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): random, but in the order of time, which indexes like."""
    millis = time.time_ns() // 1_000_000
    bits = int.from_bytes(os.urandom(10), "big")
    value = (millis << 80) | (0x7 << 76) | ((bits >> 62 & 0xFFF) << 64) | (0b10 << 62)
    return uuid.UUID(int=value | (bits & (1 << 62) - 1))


class Share(models.Model):
    """A titled post; its text is the message that opens it, its replies are messages under it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="shares")
    title = models.CharField(max_length=TITLE_LENGTH)
    created_at = models.DateTimeField(default=timezone.now)
    replies = models.PositiveIntegerField(default=0)
    last_seq = models.PositiveBigIntegerField(default=0)  # of its newest published message

    def __str__(self) -> str:
        return f"share {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("chat:share", args=[self.room.slug, self.pk])


class Message(models.Model):
    """One text, in a room's live conversation or under a share.

    `place` is where it stands in the conversation: the seq of its event or, for one that was held,
    the seq that the room had reached when it was written. `answer` is what its author was told
    first; a retry with the same client_id gets it again.
    """

    class Status(models.TextChoices):
        PUBLISHED = "published"
        HELD = "held"
        NUDGED = "nudged"
        BLOCKED = "blocked"
        REMOVED = "removed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    share = models.ForeignKey(Share, null=True, on_delete=models.CASCADE, related_name="messages")
    opens_share = models.BooleanField(default=False)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    handle = models.ForeignKey(Handle, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12)
    client_id = models.UUIDField()
    sent_digest = models.CharField(max_length=32)  # of the text as first sent, to know a retry
    asked_digest = models.CharField(max_length=32, blank=True)  # of new words its author is asked
    body = models.TextField()
    body_html = models.TextField()
    content_note = models.CharField(max_length=40, blank=True)
    correction = models.JSONField(null=True)
    status = models.CharField(max_length=9, choices=Status.choices)
    place = models.PositiveBigIntegerField()
    seq = models.PositiveBigIntegerField(null=True)  # of the event that published it
    sent_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=9, blank=True)  # "author" or "moderator"
    screening_id = models.UUIDField(null=True)
    reactions = models.JSONField(default=dict)  # counts by kind
    answer = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "client_id"], name="one_message_per_send"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(screening_id__isnull=False, seq__isnull=False),
                name="nothing_unscreened_is_published",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["room", "share", "place", "id"], name="message_by_place"),
            models.Index(fields=["account", "sent_at"], name="message_by_author"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class SealedWords(models.Model):
    """What a published message said before its author changed it or took it back; see
    forum.chat.sealed."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="sealed")
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    body = models.TextField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"sealed words of message {self.message_id}"


class Event(models.Model):
    """One numbered entry of a room's log. It holds no text: a removed body is gone from it too."""

    class Kind(models.TextChoices):
        MESSAGE_POSTED = "message.posted"
        MESSAGE_EDITED = "message.edited"
        MESSAGE_REMOVED = "message.removed"
        SHARE_OPENED = "share.opened"
        REACTION_CHANGED = "reaction.changed"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=24, choices=Kind.choices)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["room", "seq"], name="one_event_per_seq")
        ]

    def __str__(self) -> str:
        return f"event {self.room_id}/{self.seq}"


class Reaction(models.Model):
    """One small sign of support. The set is fixed: no free text, nothing to screen."""

    class Kind(models.TextChoices):
        HEART = "heart"
        STRENGTH = "strength"
        ME_TOO = "me_too"
        THANK_YOU = "thank_you"
        HUG = "hug"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["message", "account", "kind"], name="one_reaction_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"reaction {self.pk}"


class Notice(models.Model):
    """Something the account is told privately: a decision on its message, a sanction."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notices")
    room = models.ForeignKey(Room, null=True, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    seen = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"notice {self.pk}"
