"""Who may open the desk: whoever moderates a room and gave a second factor in this session."""

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from moderation import ports
from moderation.ports import RoomCard
from moderation.refusals import DeskRefused

View = Callable[..., HttpResponse]
Rooms = Mapping[int, RoomCard]

SECOND_FACTOR = (
    "The desk shows what people wrote in confidence, so it asks for a second factor: a code from an"
    " app on your phone. It counts for twelve hours."
)


def desk_view(view: View) -> View:
    """A view of the desk: called with the rooms that the moderator may see.

    Whoever moderates nothing gets the same answer as for a page that does not exist.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        rooms = ports.owner().rooms_moderated_by(int(request.user.pk))
        if not rooms:
            raise Http404
        if not _passed_second_factor(request):
            return _to_second_factor(request)
        try:
            return view(request, rooms, *args, **kwargs)
        except DeskRefused as refused:
            return render(request, "desk/refused.html", {"error": refused}, status=refused.status)

    return checked


def _passed_second_factor(request: HttpRequest) -> bool:
    if not is_mfa_enabled(request.user):  # it was turned off since
        return False
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    oldest = time.time() - settings.STAFF_SESSION_SECONDS
    return any(r.get("method") == "mfa" and r.get("at", 0) > oldest for r in records)


def _to_second_factor(request: HttpRequest) -> HttpResponseRedirect:
    """Set one up, or give the code again; then back to the desk."""
    messages.info(request, SECOND_FACTOR)
    name = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_activate_totp"
    return redirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
