"""Accounts (private) and handles (public): the two must never be seen side by side."""

import unicodedata
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone


def today() -> Any:
    """The day, not the time: a precise moment of sign-up could be matched with other records."""
    return timezone.now().date()


def sign_in_key(name: str) -> str:
    """What a sign-in name is looked up and counted by, however it was typed."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(sign_in_key=sign_in_key(username or ""))


class Account(AbstractBaseUser):
    """The private login. Nobody else ever sees the sign-in name; there is no e-mail."""

    last_login = None  # a time of last use is nobody's business

    sign_in_name = models.CharField(max_length=64, unique=True)
    sign_in_key = models.CharField(max_length=64, unique=True, editable=False)
    created_on = models.DateField(default=today)
    is_active = models.BooleanField(default=True)
    is_lead = models.BooleanField(default=False)  # sees the desk of every room
    recovery_hash = models.CharField(max_length=200, blank=True)
    recovery_confirmed = models.BooleanField(default=False)
    # Counts up with every change of what this account may do; open sockets compare it.
    access_version = models.PositiveBigIntegerField(default=1)
    country = models.CharField(max_length=2, blank=True)  # chosen, for crisis lines; never guessed
    for_load_tests = models.BooleanField(default=False)  # exempt from rate limits and flooding

    USERNAME_FIELD = "sign_in_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return f"account {self.pk}"

    def clean(self) -> None:
        super().clean()
        self.sign_in_key = sign_in_key(self.sign_in_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sign_in_key = sign_in_key(self.sign_in_name)
        super().save(*args, **kwargs)


class Handle(models.Model):
    """A public name. Never given to anyone else again, also after its account is gone."""

    account = models.ForeignKey(
        Account, null=True, on_delete=models.SET_NULL, related_name="handles"
    )
    name = models.CharField(max_length=32)
    skeleton = models.CharField(max_length=64, unique=True)
    created_on = models.DateField(default=today)

    def __str__(self) -> str:
        return self.name


class AccountSession(AbstractBaseSession):
    """A session whose key is stored hashed: a stolen database opens no door."""

    account_id = models.BigIntegerField(null=True, db_index=True)
    started_on = models.DateField(default=today)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "accounts_session"


class HandleMute(models.Model):
    """One account does not want to read a handle; a block works both ways.

    `by_handle` and `room_id` say under which name and in which room that was: a block hides no
    other name of the same person.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="mutes")
    handle = models.ForeignKey(Handle, on_delete=models.CASCADE, related_name="muted_by")
    is_block = models.BooleanField(default=False)
    by_handle = models.ForeignKey(Handle, null=True, on_delete=models.SET_NULL, related_name="+")
    room_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "handle"], name="one_mute_per_handle")
        ]

    def __str__(self) -> str:
        return f"mute {self.pk}"
