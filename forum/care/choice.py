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


def keep(request: HttpRequest, response: HttpResponse, iso: str) -> None:
    """Keep a choice, or with "" none: in this browser and, for a member, on the account."""
    if request.user.is_authenticated:
        request.user.country = iso
        request.user.save(update_fields=["country"])
    if iso:
        remember(response, iso)
    else:
        response.delete_cookie(COOKIE)


def adopt(request: HttpRequest) -> None:
    """What somebody chose before they signed in is from now on the choice of their account."""
    wish = request.COOKIES.get(COOKIE)
    if request.user.is_authenticated and not request.user.country and lines.country(wish):
        request.user.country = (wish or "").upper()
        request.user.save(update_fields=["country"])


def remember(response: HttpResponse, iso: str) -> None:
    response.set_cookie(
        COOKIE,
        iso,
        max_age=REMEMBERED,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
