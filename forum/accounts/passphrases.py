"""Our own rule for passphrases, beside Django's."""

from typing import Any

from django.core.exceptions import ValidationError


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
