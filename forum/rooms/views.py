"""The catalogue, a room's charter, and joining it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from forum.accounts import handles
from forum.accounts.forms import focus_first_wrong
from forum.accounts.models import Account
from forum.accounts.views import account_of
from forum.errors import Refused
from forum.limits import Buckets
from forum.rooms import access, catalogue, charters, membership
from forum.rooms.forms import OTHER, JoinForm, chosen
from forum.rooms.models import Membership, Room

CLAIMS = Buckets(burst=8, per_second=4 / 3600)  # new names, wished for by one account


@require_GET
def rooms(request: HttpRequest) -> HttpResponse:
    wish = catalogue.Wish(
        approach=_known(request, "approach", catalogue.APPROACHES),
        audience=_known(request, "audience", catalogue.AUDIENCES),
        topic=_known(request, "topic", catalogue.TOPICS),
    )
    own = catalogue.own_rooms(request.user) if isinstance(request.user, Account) else []
    context = {
        "rooms": [_card(room) for room in catalogue.rooms(wish)],
        "own": own,
        "wish": wish,
        "filters": [
            ("approach", "Approach", catalogue.APPROACHES.items(), wish.approach),
            ("audience", "For whom", catalogue.AUDIENCES.items(), wish.audience),
            ("topic", "Topic", catalogue.TOPICS.items(), wish.topic),
        ],
    }
    return render(request, "rooms/catalogue.html", context)


def _known(request: HttpRequest, name: str, accepted: dict[str, str]) -> str:
    value = request.GET.get(name, "")
    return value if value in accepted else ""


def _card(room: Room) -> dict[str, Any]:
    return {
        "room": room,
        "approach": catalogue.APPROACHES.get(room.approach, ""),
        "audience": catalogue.words(room.audience, catalogue.AUDIENCES),
        "topics": catalogue.words(room.topics, catalogue.TOPICS),
    }


@require_GET
def charter(request: HttpRequest, slug: str) -> HttpResponse:
    account = request.user if isinstance(request.user, Account) else None
    room = access.readable_room(account, slug)
    member = catalogue.membership_in(account, room) if account else None
    context = {
        **_card(room),
        "charter": charters.charter_of(room),
        "member": member,
        "requests": membership.requests_for(member) if member and member.is_active else [],
    }
    return render(request, "rooms/charter.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    room = access.public_room(slug)
    account = account_of(request)
    member = catalogue.membership_in(account, room)
    if member is not None:
        return redirect("chat:room" if member.is_active else "rooms:charter", slug=slug)
    if not account.recovery_confirmed:
        return _to_key_first(request)
    own = [handle.name for handle in handles.own_handles(account)]
    suggested = _suggested(request)
    if request.method == "POST" and "again" not in request.POST:
        form = JoinForm(chosen(request.POST), own=own, suggested=suggested)
        return _joined(request, room, form)
    form = JoinForm(initial=_first(request, room, suggested, own), own=own, suggested=suggested)
    return _join_page(request, room, form)


def _to_key_first(request: HttpRequest) -> HttpResponse:
    """A name in a room is worth keeping: before that, the way back into the account is safe."""
    query = urlencode({"next": request.path})
    return redirect(f"{reverse('accounts:recovery_key')}?{query}")


def _first(
    request: HttpRequest, room: Room, suggested: list[str], own: list[str]
) -> dict[str, Any]:
    """What the form begins with; what was typed stays when other suggestions are asked for."""
    chosen = request.POST.get("handle")
    return {
        "charter_version": room.charter_version,
        "handle": chosen if chosen in [*own, OTHER] else (suggested or own)[0],
        "wished": request.POST.get("wished", ""),
        "accepts": "accepts" in request.POST,
        "shows_presence": "shows_presence" in request.POST,
    }


def _suggested(request: HttpRequest) -> list[str]:
    """The suggestions that the form was shown with, so that the chosen one is still among them."""
    shown = request.POST.getlist("suggested")[:3]
    return shown if shown and "again" not in request.POST else handles.suggest()


def _join_page(request: HttpRequest, room: Room, form: JoinForm, status: int = 200) -> HttpResponse:
    focus_first_wrong(form)
    shown = form.offered
    own = {handle.name for handle in handles.own_handles(account_of(request))}
    context = {
        "room": room,
        "charter": charters.charter_of(room),
        "form": form,
        "suggested": [name for name in shown if name not in own],
    }
    return render(request, "rooms/join.html", context, status=status)


def _joined(request: HttpRequest, room: Room, form: JoinForm) -> HttpResponse:
    if not form.is_valid():
        return _join_page(request, room, form, 422)
    account = account_of(request)
    try:
        _check_pace(account, form.name())
        member = membership.join(
            account,
            room.slug,
            handle_name=form.name(),
            charter_version=form.cleaned_data["charter_version"],
            shows_presence=form.cleaned_data["shows_presence"],
        )
    except Refused as refused:
        field = "wished" if refused.code.startswith("handle.") else None
        form.add_error(field, ValidationError(refused.detail, code=refused.code))
        return _join_page(request, room, form, refused.status)
    if member.status == Membership.Status.REQUESTED:
        messages.success(request, "Your request is with the people who look after this room.")
        return redirect("rooms:charter", slug=room.slug)
    return redirect("chat:room", slug=room.slug)


def _check_pace(account: Account, name: str) -> None:
    """Asking for a new name tells which are taken: that is no way to try out many."""
    is_own = account.handles.filter(name=name).exists()
    if not is_own and not CLAIMS.take(account.pk):
        raise Refused(
            "slow_down",
            "That was a new name too often. Take one that you have, or try again later.",
        )


@login_required
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    membership.leave(account_of(request), slug)
    messages.success(request, "You have left the room. You can come back at any time.")
    return redirect("rooms:catalogue")


@login_required
@require_POST
def answer_request(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    membership.answer_request(
        account_of(request), slug, pk, welcome=request.POST.get("answer") == "yes"
    )
    return redirect("rooms:charter", slug=slug)
