"""Which country's lines somebody sees: the one they chose, never one guessed from an address."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from forum.care import lines

COOKIE = "country"
REMEMBERED = 365 * 24 * 3600


def chosen_country(request: HttpRequest) -> str | None:
    """The ISO code from this request's form, from the account, or from the cookie; else None."""
    account = getattr(request, "user", None)
    wishes = (
        request.GET.get("country"),
        getattr(account, "country", ""),
        request.COOKIES.get(COOKIE),
    )
    return next((wish.upper() for wish in wishes if wish and lines.country(wish)), None)


def remember(response: HttpResponse, iso: str) -> None:
    response.set_cookie(
        COOKIE,
        iso,
        max_age=REMEMBERED,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
