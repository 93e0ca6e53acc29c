"""Accounts of the demo, whose secrets are printed for everybody. Never made in production."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.conf import settings

from forum.accounts.models import Account
from forum.errors import Refused


def demo_account(sign_in_name: str, passphrase: str, *, second_factor: bool) -> Account:
    """The account of this name, made when it is not there yet."""
    check_demo()
    account = Account.objects.filter(sign_in_key=sign_in_name).first()
    if account is None:
        account = Account(sign_in_name=sign_in_name, recovery_confirmed=True)
        account.set_password(passphrase)
        account.save()
    if second_factor and not _authenticator(account):
        auth.TOTP.activate(account, auth.generate_totp_secret())
    return account


def current_code(account: Account) -> str:
    """The code that the account's authenticator app would show now."""
    check_demo()
    row = _authenticator(account)
    if row is None:
        raise Refused("no_second_factor", "That account has no second factor.")
    secret = auth.decrypt(row.data["secret"])
    return str(auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30)))


def check_demo() -> None:
    if not settings.DEMO:
        raise Refused("demo_only", "This is for the demo only (HANDRAIL_ENV=demo).")


def _authenticator(account: Account) -> Authenticator | None:
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).first()
