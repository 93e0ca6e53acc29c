"""Signing up, getting back in, and ending sessions. The sign-in name is never shown to others."""

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.accounts import handles, revocation, suggestions
from forum.accounts.models import Account, AccountSession, sign_in_key
from forum.errors import Refused

SHORTEST_NAME, LONGEST_NAME = 3, 64
KEY_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # nothing that reads like something else
KEY_GROUPS, GROUP_LENGTH = 7, 4  # 28 letters of 30: over 137 bits


def suggest_sign_in_name() -> str:
    while True:
        name = suggestions.name()
        if not Account.objects.filter(sign_in_key=name).exists():
            return name


def sign_up(sign_in_name: str, passphrase: str) -> tuple[Account, str]:
    """A new account and its recovery key, which nobody can show again later."""
    name = unicodedata.normalize("NFKC", sign_in_name).strip()
    _check_name(name)
    account = Account(sign_in_name=name, sign_in_key=sign_in_key(name))
    check_passphrase(passphrase, account)
    account.set_password(passphrase)
    key = new_recovery_key()
    account.recovery_hash = make_password(plain_key(key))
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise _name_taken() from error
    return account, key


def _check_name(name: str) -> None:
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Refused(
            "name.shape",
            f"A sign-in name has {SHORTEST_NAME} to {LONGEST_NAME} characters.",
            status=422,
        )
    # One sentence for both, so that it does not tell which it is. That a name is one of the two can
    # still be asked here, as often as one network may try to join; most handles are public.
    taken = Account.objects.filter(sign_in_key=sign_in_key(name)).exists()
    if taken or handles.is_somebodys_handle(name):
        raise _name_taken()


def _name_taken() -> Refused:
    return Refused(
        "name.taken", "That sign-in name can't be had. Please choose another one.", status=422
    )


def check_passphrase(passphrase: str, account: Account) -> None:
    try:
        validate_password(passphrase, account)
    except ValidationError as error:
        raise Refused("passphrase.weak", " ".join(error.messages), status=422) from error


def change_passphrase(account: Account, old: str, new: str, *, keep_session: str) -> None:
    """A new passphrase; every other session ends. `keep_session` is a stored (hashed) key."""
    if not check_password(old, account.password):
        raise Refused("passphrase.wrong", "That is not your passphrase now.", status=422)
    check_passphrase(new, account)
    with transaction.atomic():
        account.set_password(new)
        account.save(update_fields=["password"])
        end_sessions(account, besides=keep_session)


# --- the recovery key ----------------------------------------------------------------------------


def new_recovery_key() -> str:
    letters = [secrets.choice(KEY_ALPHABET) for _ in range(KEY_GROUPS * GROUP_LENGTH)]
    plain = "".join(letters)
    return "-".join(_groups(plain + _checksum(plain)))


def renew_recovery_key(account: Account) -> str:
    """A new key in the place of the old one, for somebody who has shown their passphrase."""
    key = new_recovery_key()
    account.recovery_hash, account.recovery_confirmed = make_password(plain_key(key)), False
    account.save(update_fields=["recovery_hash", "recovery_confirmed"])
    return key


def asked_group(key: str) -> int:
    """Which group of the key its owner is asked to type again, from 1; the same each time."""
    return hashlib.sha256(key.encode()).digest()[0] % KEY_GROUPS + 1


def recover(sign_in_name: str, recovery_key: str, new_passphrase: str) -> tuple[Account, str]:
    """Back in with the key: a new passphrase, a new key, every session ended.

    An unknown name takes as long and gets the same answer. The second factor stays on.
    """
    key = sign_in_key(sign_in_name)
    account = Account.objects.filter(sign_in_key=key, is_active=True).first()
    stored = account.recovery_hash if account and account.recovery_hash else _nobodys_hash()
    fits = check_password(plain_key(recovery_key), stored)
    if account is None or not fits:
        raise Refused(
            "recovery.wrong",
            "That sign-in name and recovery key don't belong together. Check each group.",
            status=422,
        )
    check_passphrase(new_passphrase, account)
    return _recovered(account, recovery_key, new_passphrase)


def _recovered(account: Account, used_key: str, new_passphrase: str) -> tuple[Account, str]:
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account.pk)
        if not check_password(plain_key(used_key), row.recovery_hash):
            raise Refused("recovery.wrong", "That key was used already.", status=422)
        row.set_password(new_passphrase)
        row.save(update_fields=["password"])
        key = renew_recovery_key(row)
        end_sessions(row)
    return row, key


def _groups(plain: str) -> list[str]:
    return [plain[i : i + GROUP_LENGTH] for i in range(0, len(plain), GROUP_LENGTH)]


def plain_key(key: str) -> str:
    """A key, or a part of one, as it counts: however its owner typed it."""
    return "".join(c for c in key.upper() if c.isalnum())


def _checksum(plain: str) -> str:
    digest = hashlib.sha256(plain.encode()).digest()
    return "".join(KEY_ALPHABET[byte % len(KEY_ALPHABET)] for byte in digest[:GROUP_LENGTH])


def is_mistyped(key: str) -> bool:
    """Whether a key can't be right, whoever's it is: its last group belongs to the others."""
    plain = plain_key(key)
    wanted = (KEY_GROUPS + 1) * GROUP_LENGTH
    return len(plain) != wanted or _checksum(plain[:-GROUP_LENGTH]) != plain[-GROUP_LENGTH:]


_nobody: list[str] = []


def _nobodys_hash() -> str:
    """A hash that fits nothing, so that an unknown name costs the same time."""
    if not _nobody:
        _nobody.append(make_password(secrets.token_hex(32)))
    return _nobody[0]


# --- sessions ------------------------------------------------------------------------------------


def sessions_of(account: Account) -> Sequence[AccountSession]:
    rows = AccountSession.objects.filter(account_id=account.pk, expire_date__gt=timezone.now())
    return list(rows.order_by("-started_on", "session_key"))


def end_sessions(account: Account, *, besides: str = "") -> None:
    """End the sessions of an account, but perhaps one; open sockets close at once."""
    AccountSession.objects.filter(account_id=account.pk).exclude(session_key=besides).delete()
    revocation.access_changed(account.pk)


def end_session(account: Account, session_key: str) -> None:
    AccountSession.objects.filter(account_id=account.pk, session_key=session_key).delete()
    revocation.access_changed(account.pk)
