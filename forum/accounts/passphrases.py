"""Passphrases: our own rule beside Django's, and hashing that does not take the whole machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError

from forum.errors import Refused

# One hash takes 100 MB and a core for a moment, on purpose: more at once would starve the rooms.
AT_ONCE = 2
PATIENCE = 15.0  # seconds to wait for one's turn
_turns = threading.BoundedSemaphore(AT_ONCE)


class Argon2InTurn(Argon2PasswordHasher):
    """Argon2 wherever a passphrase or a recovery key is hashed or checked, few at a time."""

    def encode(self, password: str, salt: str) -> str:
        with _turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _turn():
            return super().verify(password, encoded)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Refused("try_again", "Many people come in just now. Please try again in a minute.")
    try:
        yield
    finally:
        _turns.release()


class NotTheSignInName:
    """The sign-in name is the first thing that a guesser tries."""

    def validate(self, password: str, user: Any = None) -> None:
        name = getattr(user, "sign_in_name", "").casefold()
        if name and (name in password.casefold() or password.casefold() in name):
            raise ValidationError(
                "Choose a passphrase that does not contain your sign-in name.",
                code="passphrase_is_name",
            )

    def get_help_text(self) -> str:
        return "It must not contain your sign-in name."
