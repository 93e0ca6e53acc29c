"""The state of moderation. It knows content, rooms and authors only as references."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Screening(models.Model):
    """What the engine said of one text: scores, rule and version, never the text.

    `signals` and the few things about author and room that rules may ask for are enough to decide
    again by another policy (backtest). What has no label in it keeps no signals.
    A text that could not be screened has state "pending": it is held, and the re-screening loop
    takes it by lease until the engine has an answer.
    """

    class State(models.TextChoices):
        DONE = "done"
        PENDING = "pending"
        STUCK = "stuck"  # tried too often; a person decides

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_kind = models.CharField(max_length=16)
    content_id = models.CharField(max_length=40)
    room_id = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DONE)
    action = models.CharField(max_length=8)
    rule = models.CharField(max_length=64)
    policy = models.CharField(max_length=64)
    labels = models.JSONField(default=dict)
    signals = models.JSONField(default=list)
    preset = models.CharField(max_length=24, default="standard")
    standing = models.CharField(max_length=8, default="regular")
    nudged = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["created_at"], name="screening_pending", condition=Q(state="pending")
            ),
            models.Index(fields=["created_at"], name="screening_by_time"),
            models.Index(fields=["content_id"], name="screening_by_content"),
        ]

    def __str__(self) -> str:
        return f"screening {self.pk}"


class Case(models.Model):
    """What a moderator triages: one piece of content with its signals and reports.

    `signals` keeps what the page needs to explain itself: label, score, detector, spans, evidence.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    class Source(models.TextChoices):
        ENGINE = "engine"
        REPORT = "report"
        UNSCREENED = "unscreened"
        APPEAL = "appeal"

    content_kind = models.CharField(max_length=16)
    content_id = models.CharField(max_length=40)
    room_id = models.BigIntegerField()
    author_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=12, choices=Source.choices)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    severity = models.PositiveSmallIntegerField()  # 1 (life at risk now) to 4 (friction)
    label = models.CharField(max_length=32)
    action = models.CharField(max_length=8)  # what the engine did with the content
    rule = models.CharField(max_length=64)
    policy = models.CharField(max_length=64)
    level = models.CharField(max_length=8, blank=True)  # ReachOut level, for crisis
    signals = models.JSONField(default=list)
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["content_kind", "content_id"],
                condition=Q(status="open"),
                name="one_open_case_per_content",
            )
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["status", "severity", "due_at"], name="case_queue"),
            models.Index(fields=["room_id", "author_id"], name="case_by_author"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"


class Evidence(models.Model):
    """The words as they were when a case was filed about them; their author may change them since.

    `signals` is what the engine found in these words, so that the marks stand in the right place.
    """

    EARLIER = "earlier"  # than the report: what its author had changed or taken back by then

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    source = models.CharField(max_length=12, choices=[*Case.Source.choices, (EARLIER, EARLIER)])
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    signals = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"evidence {self.pk}"


class Report(models.Model):
    """A member asked a moderator to look: about another's words, or (filing.AUTHOR_REASONS) about
    their own. Who it was is never shown to the author."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    reporter_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=32)
    note = models.TextField(blank=True, max_length=1_000)
    is_blurred = models.BooleanField(default=True)  # the note, unless it was screened and is plain
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["case", "reporter_id"], name="one_report_per_person")
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Decision(models.Model):
    """What a moderator did to a case, with the reason that the author is given, if one is told."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=24)
    reason = models.CharField(max_length=32, blank=True)
    note = models.TextField(blank=True, max_length=1_000)  # between moderators
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Sanction(models.Model):
    """A limit on an account, in one room or (room_id is null) everywhere."""

    class Kind(models.TextChoices):
        MUTE = "mute"
        SUSPENSION = "suspension"

    account_id = models.BigIntegerField(db_index=True)
    room_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="sanctions")
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"sanction {self.pk}"


class AuditEntry(models.Model):
    """One link of the append-only chain; see moderation.audit."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=48)
    subject = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"audit {self.number}"
