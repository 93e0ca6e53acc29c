"""Whether somebody has a second factor, and when it was used in a session."""

from collections.abc import Collection

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.utils import timezone

from forum.accounts.models import Account, AccountSession
from forum.accounts.sessions import SessionStore


def has_second_factor(account: Account) -> bool:
    return bool(is_mfa_enabled(account))


def with_second_factor(account_ids: Collection[int]) -> frozenset[int]:
    """Those of these accounts that have one."""
    rows = Authenticator.objects.filter(user_id__in=account_ids, type=Authenticator.Type.TOTP)
    return frozenset(rows.values_list("user_id", flat=True))


def code_given_at(session_key: str) -> float:
    """When the last code was given in the session of this stored (hashed) key, in seconds of the
    clock; 0 for never."""
    row = AccountSession.objects.filter(
        session_key=session_key, expire_date__gt=timezone.now()
    ).first()
    data = SessionStore().decode(row.session_data) if row else {}
    records = data.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return max((r.get("at", 0.0) for r in records if r.get("method") == "mfa"), default=0.0)


def still_counts(given_at: float, *, now: float) -> bool:
    """Whether that was no longer ago than a shift at the desk lasts."""
    return now - given_at < settings.STAFF_SESSION_SECONDS
