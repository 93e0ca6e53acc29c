"""Passphrases: our own rules beside Django's, and hashing that does not take the whole machine."""

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


# Words of the form itself and of this place: with a number or a dot behind them they are no secret.
_OBVIOUS = ("passphrase", "password", "handrail", "recovery", "sober", "signinname", "secret", "my")


class NotObvious:
    """What is left without the words that everybody would try must still be a passphrase."""

    LEAST = 6

    def validate(self, password: str, user: Any = None) -> None:
        left = "".join(letter for letter in password.casefold() if letter.isalnum())
        for word in _OBVIOUS:
            left = left.replace(word, "")
        if len(left) < self.LEAST or len(set(left)) < 3:
            raise ValidationError(
                "This is among the first that somebody would try. A few plain words that only you"
                " would put together are easy to keep.",
                code="passphrase_obvious",
            )

    def get_help_text(self) -> str:
        return "It must not be made of words such as “passphrase”."
