"""Where allauth must do as Handrail promises: no e-mail, no address, seeds encrypted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from forum.accounts import known_browser, network
from forum.accounts.models import sign_in_key
from forum.accounts.sealed import seal, unseal
from forum.limits import Delays

SIGN_INS_OF_ONE = Delays(free=5, first=5.0, longest=60.0)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth is not typed
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": (
            "That sign-in name and passphrase don't belong together. Check both; capital letters in"
            " the passphrase count."
        ),
        "too_many_login_attempts": "Too many tries. Please wait a minute and try again.",
        "incorrect_password": "That is not your passphrase.",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """What allauth counts attempts by: a digest of the network, which it may store safely."""
        return network.prefix_of(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """One name is tried with growing delays. A browser that it has signed in before is counted
        for itself, so that a stranger's tries don't keep the owner out."""
        name = credentials.get("username", "")
        key = sign_in_key(name), known_browser.known_as(request, name)
        if not SIGN_INS_OF_ONE.take(key):
            raise self.validation_error("too_many_login_attempts")
        account = super().authenticate(request, **credentials)
        if account is not None:
            SIGN_INS_OF_ONE.forget(key)
        return account

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # there is one way in: forum.accounts.views.sign_up

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no e-mail address to write to."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's messages name the sign-in name; our pages say what happened."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth is not typed
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is not right, or it is too old. Wait for the next one.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return "account"  # an authenticator app shows its label to whoever looks at the phone


def display_name(user: AbstractBaseUser) -> str:
    """What allauth may call a person; never the sign-in name."""
    return "you"
