"""Pages of a room, and the plain way to do what the socket does."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from forum.accounts.models import Account
from forum.accounts.views import account_of
from forum.chat import control, events, history, joining, pace, pages, posting
from forum.chat.forms import MessageForm, ShareForm
from forum.chat.models import Message, Share
from forum.chat.posting import Post
from forum.errors import Refused, not_found, wants_json
from forum.rooms import access
from forum.rooms.models import Membership


def member_of(request: HttpRequest, slug: str) -> Membership:
    return access.membership_for(account_of(request), slug)


def check_pace(account: Account, bucket: Any) -> None:
    if not account.for_load_tests:
        pace.check(account.pk, bucket)


# --- the live conversation -----------------------------------------------------------------------


@login_required
@require_GET
def room(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        member = member_of(request, slug)
    except Refused as refused:
        raise not_found(way=access.charter_address(slug)) from refused
    return _room_page(request, member, MessageForm())


def _room_page(
    request: HttpRequest,
    member: Membership,
    form: Form,
    answer: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "member": member,
        "room": member.room,
        "form": form,
        "answer": answer,
        "seat": joining.seat_for(member.account_id, member.room.slug),
        **pages.conversation(member),
    }
    return render(request, "chat/room.html", context, status=status)


@login_required
@require_POST
def send(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug)
    form = MessageForm(_typed(request))
    try:
        check_pace(member.account, pace.WORDS)
        message = posting.post(_post_from(form, member))
    except Refused as refused:
        if wants_json(request):
            shape = events.error(
                refused.code, refused.detail, client_id=request.POST.get("client_id")
            )
            return JsonResponse(shape, status=refused.status)
        form.add_error("body", refused.detail)
        return _again(request, member, form, None, refused.status)
    if wants_json(request):
        return JsonResponse(events.ack(message))
    joining.mark_read(member.account_id, member.room_id, member.room.seq)
    return _sent(request, member, form, message)


def _typed(request: HttpRequest) -> QueryDict:
    """What was typed; or the text that was prepared instead, where that button was pressed."""
    if "without_details" not in request.POST:
        return request.POST
    data = request.POST.copy()
    data["body"], data["nudged"] = data.get("suggested", ""), ""
    data["title"] = data.get("suggested_title") or data.get("title", "")
    return data


def _post_from(form: Form, member: Membership) -> Post:
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        raise Refused("text.empty", str(first), status=422)
    data = form.cleaned_data
    return Post(
        account_id=member.account_id,
        room_slug=member.room.slug,
        body=data["body"],
        client_id=data["client_id"],
        share_id=data["share"],
        title=data.get("title", ""),
        content_note=data["content_note"],
        nudged=data["nudged"],
    )


def _sent(request: HttpRequest, member: Membership, form: Form, message: Message) -> HttpResponse:
    """Back to where it was written; with the reasons, and the text kept, when it is not out."""
    if message.status == Message.Status.PUBLISHED and not message.answer.get("support"):
        if message.opens_share:
            flash.success(request, "Your share is out.", extra_tags="draft-taken")
        return redirect(f"{home_of(message)}#m-{message.pk}")
    if message.status in (Message.Status.PUBLISHED, Message.Status.HELD):
        return _again(request, member, type(form)(initial=_under(message)), message.answer, 200)
    data = {key: str(value) for key, value in form.data.items()}
    data["client_id"] = str(uuid4())
    data["nudged"] = str(message.client_id) if message.status == Message.Status.NUDGED else ""
    return _again(request, member, type(form)(data), message.answer, 200)


def _under(message: Message) -> dict[str, Any]:
    return {"share": message.share_id} if message.share_id and not message.opens_share else {}


def home_of(message: Message) -> str:
    return (message.share or message.room).get_absolute_url()


def _again(
    request: HttpRequest, member: Membership, form: Form, answer: Any, status: int
) -> HttpResponse:
    """The page that the form stood on, once more."""
    if isinstance(form, ShareForm):
        return _new_share_page(request, member, form, answer, status)
    share_id = form["share"].value()
    if share_id and (share := share_or_none(member, share_id)):
        return _share_page(request, member, share, form, answer, status)
    return _room_page(request, member, form, answer, status)


def share_or_none(member: Membership, share_id: Any) -> Share | None:
    try:
        return _share(member, UUID(str(share_id)))
    except (ValueError, Refused):
        return None


@login_required
@require_POST
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """room.read as plain HTTP; without JavaScript a button under the conversation."""
    member = member_of(request, slug)
    seq = request.POST.get("seq", "")
    if not (seq.isdecimal() and len(seq) < 16):
        raise Refused("malformed", "'seq' must be a whole number.")
    joining.mark_read(member.account_id, member.room_id, min(int(seq), member.room.seq))
    if wants_json(request):
        return JsonResponse({"type": "ack"})
    return redirect(member.room)


@login_required
@require_GET
def events_after(request: HttpRequest, slug: str) -> HttpResponse:
    """room.joined as plain HTTP, for browsers whose sockets are refused."""
    seat = joining.seat_for(account_of(request).pk, slug)
    after = request.GET.get("after", "")
    if after and not (after.isdecimal() and len(after) < 16):
        raise Refused("malformed", "'after' must be a whole number.")
    page = history.page_after(seat.room_id, slug, int(after) if after else None, hidden=seat.hidden)
    text = events.joined(slug, page.seq, page.frames, you=seat.you(), more=page.more)
    return HttpResponse(text, content_type="application/json")


@login_required
@require_GET
def older(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of messages before ?before=PLACE,ID, as a list for the script or as a page."""
    member = member_of(request, slug)
    share = None
    if request.GET.get("share"):
        share = share_or_none(member, request.GET["share"])
        if share is None:
            raise not_found()
    found = pages.conversation(member, share=share, before=_place(request))
    if wants_json(request):
        shapes = [_shape(view) for view in found["talk"]]
        return JsonResponse({"messages": shapes, "more": found["more"], "first": found["first"]})
    context = {"member": member, "room": member.room, **found}
    return render(request, "chat/older.html", context)


def _shape(view: dict[str, Any]) -> dict[str, Any]:
    shape = {key: value for key, value in view.items() if key not in _PAGE_ONLY}
    return {**shape, "mine": sorted(view["mine"])}


_PAGE_ONLY = ("sent", "new_day", "first_unread", "signs")


def _place(request: HttpRequest) -> history.Place:
    place, _, message_id = request.GET.get("before", "").partition(",")
    try:
        return history.Place(int(place[:15]), UUID(message_id))
    except ValueError as error:
        raise Refused("malformed", "'before' must be PLACE,ID.") from error


# --- shares --------------------------------------------------------------------------------------


@login_required
@require_GET
def shares(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug)
    hidden = control.hidden_from(member.account_id, member.handle_id, room_id=member.room_id)
    context = {
        "member": member,
        "room": member.room,
        "openers": [*history.held_shares(member), *history.shares(member.room, hidden=hidden)],
    }
    return render(request, "chat/shares.html", context)


def _share(member: Membership, share_id: UUID) -> Share:
    """A share of the member's room that they may see."""
    share = Share.objects.select_related("room").filter(pk=share_id, room_id=member.room_id).first()
    opener = share and Message.objects.filter(share=share, opens_share=True).first()
    if share is None or opener is None or history.visible_message(member, opener.pk) is None:
        raise not_found()
    return share


@login_required
@require_GET
def share(request: HttpRequest, slug: str, share_id: UUID) -> HttpResponse:
    member = member_of(request, slug)
    found = _share(member, share_id)
    return _share_page(request, member, found, MessageForm(initial={"share": found.pk}))


def _share_page(
    request: HttpRequest,
    member: Membership,
    found: Share,
    form: Form,
    answer: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    opener = Message.objects.get(share=found, opens_share=True)
    context = {
        "member": member,
        "room": member.room,
        "share": found,
        "is_removed": opener.status == Message.Status.REMOVED,
        "form": form,
        "answer": answer,
        "seat": joining.seat_for(member.account_id, member.room.slug),
        **pages.conversation(member, share=found),
    }
    return render(request, "chat/share.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def new_share(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug)
    if request.method == "GET":
        return _new_share_page(request, member, ShareForm())
    form = ShareForm(_typed(request))
    try:
        check_pace(member.account, pace.WORDS)
        message = posting.post(_post_from(form, member))
    except Refused as refused:
        form.add_error(None, refused.detail)
        return _new_share_page(request, member, form, None, refused.status)
    return _sent(request, member, form, message)


def _new_share_page(
    request: HttpRequest,
    member: Membership,
    form: Form,
    answer: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"member": member, "room": member.room, "form": form, "answer": answer}
    return render(request, "chat/new_share.html", context, status=status)
