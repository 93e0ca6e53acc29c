"""Rooms with their charters, and who belongs to them under which handle."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from forum.accounts.models import Account, Handle, today


class Room(models.Model):
    """A group with a charter. `seq` numbers its event log: one by one, without holes."""

    class Join(models.TextChoices):
        OPEN = "open"
        REQUEST = "request"
        PRIVATE = "private"

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    summary = models.CharField(max_length=240)
    approach = models.CharField(max_length=32)
    audience = models.JSONField(default=list)
    topics = models.JSONField(default=list)
    language = models.CharField(max_length=8, default="en")
    join_mode = models.CharField(max_length=8, choices=Join.choices, default=Join.OPEN)
    preset = models.CharField(max_length=16, default="standard")
    cross_talk = models.CharField(max_length=16, default="open")
    charter = models.JSONField(default=dict)
    charter_version = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)  # in the catalogue
    seq = models.PositiveBigIntegerField(default=0)
    access_version = models.PositiveBigIntegerField(default=1)
    closed_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("chat:room", args=[self.slug])

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None


class Membership(models.Model):
    """One account in one room, under one handle."""

    class Role(models.TextChoices):
        MEMBER = "member"
        SUPPORTER = "supporter"
        FACILITATOR = "facilitator"
        MODERATOR = "moderator"

    class Status(models.TextChoices):
        REQUESTED = "requested"
        ACTIVE = "active"
        LEFT = "left"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    handle = models.ForeignKey(Handle, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ACTIVE)
    charter_accepted = models.PositiveIntegerField(default=0)
    joined_on = models.DateField(default=today)
    shows_presence = models.BooleanField(default=False)
    read_seq = models.PositiveBigIntegerField(default=0)
    posts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["room", "account"], name="one_membership_per_room"),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def moderates(self) -> bool:
        return self.is_active and self.role == self.Role.MODERATOR
