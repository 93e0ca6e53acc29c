"""Whether somebody has a second factor, and whether it was used in this session."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from forum.accounts.models import Account


def has_second_factor(account: Account) -> bool:
    return bool(is_mfa_enabled(account))


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether a code was given in this session, no longer ago than a shift at the desk lasts."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    oldest = time.time() - settings.STAFF_SESSION_SECONDS
    return any(r.get("method") == "mfa" and r.get("at", 0) > oldest for r in records)
