"""Browsers that have signed in to an account before: wrong tries by strangers do not hold them up.

The cookie names nobody. It is a random word, signed together with the sign-in name, so that only
who types that name again is known by it.
"""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from forum.accounts.models import Account, sign_in_key

COOKIE = "__Host-known" if settings.ON_HTTPS else "known"
AGE = 180 * 24 * 3600


def remember(response: HttpResponse, account: Account) -> None:
    response.set_cookie(
        COOKIE,
        _signer(account.sign_in_name).sign(secrets.token_urlsafe(12)),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def known_as(request: HttpRequest, name: str) -> str:
    """The random word of this browser if it has signed in under this name; otherwise empty."""
    try:
        return _signer(name).unsign(request.COOKIES.get(COOKIE, ""), max_age=AGE)
    except BadSignature:
        return ""


def _signer(name: str) -> TimestampSigner:
    return TimestampSigner(salt=f"known browser of {sign_in_key(name)}")
