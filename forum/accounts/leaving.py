"""Leaving at once: whoever took the quick exit is signed out, whichever way they come back."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from forum.accounts import revocation
from forum.accounts.models import Account

COOKIE = "left"  # quick_exit.js sets it


def sign_out(request: HttpRequest) -> None:
    """End this session; sockets of other windows close at once."""
    account = request.user
    logout(request)
    if isinstance(account, Account):
        revocation.access_changed(account.pk)


class EndedByExit:
    """Signs out whoever comes with the cookie that the quick exit leaves in the browser.

    The browser sets it without the network, and it doesn't matter which request comes first: Back,
    a bookmark or another window. So the exit also holds when it was taken offline.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if COOKIE not in request.COOKIES:
            return self.get_response(request)
        sign_out(request)
        response = self.get_response(request)
        response.delete_cookie(COOKIE)
        return response
