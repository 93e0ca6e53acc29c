"""One message: its page, what can be done with it, and the notices that came of it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from forum.accounts import muting
from forum.accounts.models import Handle
from forum.accounts.views import account_of
from forum.chat import editing, history, notices, pace, pages, reacting, reporting, sealed
from forum.chat.forms import EditForm, RemovalForm, ReportForm
from forum.chat.models import Message
from forum.chat.views import check_pace, home_of, member_of, share_or_none
from forum.errors import Refused, not_found, wants_json
from forum.rooms.models import Membership
from moderation import gate


@login_required
@require_GET
def message(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    return _message_page(request, member_of(request, slug), message_id)


def _message_page(
    request: HttpRequest,
    member: Membership,
    message_id: UUID,
    *,
    edit: Form | None = None,
    report: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    found = history.visible_message(member, message_id)
    if found is None:
        raise not_found()
    mine = history.own_reactions(member.account_id, [found])
    view = history.view_of(found, member, mine)
    view["signs"] = pages.signs_of(view)
    context = {
        "member": member,
        "room": member.room,
        "message": view,
        "back": f"{home_of(found)}#m-{found.pk}",
        "edit": edit or EditForm(initial={"body": found.body if view["is_own"] else ""}),
        "may_change": editing.may_still_change(found, now=timezone.now()),
        "may_report": reporting.may_be_reported(found, member.account_id),
        "sealed_hours": settings.SEALED_HOURS,
        "sealed_until": sealed.open_until(found),
        "report": report or (RemovalForm() if view["is_own"] else ReportForm()),
    }
    return render(request, "chat/message.html", context, status=status)


@login_required
@require_POST
def edit(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    member = member_of(request, slug)
    form = EditForm(request.POST)
    try:
        check_pace(member.account, pace.WORDS)
        changed = editing.edit(member.account_id, slug, message_id, request.POST.get("body", ""))
    except Refused as refused:
        if refused.code == "not_found":
            raise
        form.add_error("body", refused.detail)
        return _message_page(request, member, message_id, edit=form, status=refused.status)
    return redirect(f"{home_of(changed)}#m-{changed.pk}")


@login_required
@require_POST
def delete(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    member = member_of(request, slug)
    check_pace(member.account, pace.SIGNS)
    gone = editing.delete(member.account_id, slug, message_id)
    return redirect(gone.room if gone.opens_share else home_of(gone))


@login_required
@require_POST
def report(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    member = member_of(request, slug)
    is_removal = request.POST.get("reason") == gate.REMOVE_OWN
    form = (RemovalForm if is_removal else ReportForm)(request.POST)
    if not form.is_valid():
        return _message_page(request, member, message_id, report=form, status=422)
    check_pace(member.account, pace.WORDS)
    reporting.report(
        member.account_id,
        slug,
        message_id,
        reason=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
    )
    words = (
        "You find the answer under Notices." if is_removal else "Nobody is told that it was you."
    )
    flash.success(request, f"Thank you. A moderator will look. {words}")
    return redirect(_place_to_go_on(member, message_id))


@login_required
@require_POST
def react(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    member = member_of(request, slug)
    check_pace(member.account, pace.SIGNS)
    kind, on = request.POST.get("kind", ""), request.POST.get("on")
    if on is None:
        found = reacting.toggle(member.account_id, slug, message_id, kind=kind)
    else:
        found = reacting.set_reaction(
            member.account_id, slug, message_id, kind=kind, on=on == "true"
        )
    if wants_json(request):
        return JsonResponse({"type": "ack", "message_id": str(found.pk), "kind": kind})
    return redirect(f"{home_of(found)}#m-{found.pk}")


@login_required
@require_POST
def mute(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    """Mute or block the handle that wrote a message one can see."""
    member = member_of(request, slug)
    check_pace(member.account, pace.SIGNS)
    found = history.visible_message(member, message_id)
    if found is None:
        raise not_found()
    handle: Handle = found.handle
    block = request.POST.get("how") == "block"
    muting.mute(member.account, handle, by=member.handle, room_id=member.room_id, block=block)
    words = "blocked" if block else "muted"
    flash.success(request, f"{handle.name} is {words}. You can change it under Account.")
    return redirect(_place_to_go_on(member, message_id))


def _place_to_go_on(member: Membership, message_id: UUID) -> str:
    """Where one was when one pressed More: the conversation, or the share if it is still open to
    one, or else the list of shares."""
    message = Message.objects.select_related("share__room", "room").get(pk=message_id)
    if message.share is None:
        return message.room.get_absolute_url()
    if share_or_none(member, message.share_id):
        return message.share.get_absolute_url()
    return reverse("chat:shares", args=[member.room.slug])


# --- notices -------------------------------------------------------------------------------------


@login_required
@require_GET
def notices_page(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    found = notices.read_all(account)
    asked = notices.asked_at(account, found)
    context = {"notices": [(n, notices.may_appeal(n), asked.get(n.pk)) for n in found]}
    return render(request, "chat/notices.html", context)


@login_required
@require_POST
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    notices.appeal(account_of(request), pk)
    flash.success(request, "A moderator will look at it. You find the answer here.")
    return redirect("chat:notices")
