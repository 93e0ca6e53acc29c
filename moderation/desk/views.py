"""The moderators' desk: the queue and one case."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from moderation import audit, cases, filing, gate, outcomes, ports
from moderation.desk import evidence
from moderation.desk.access import Rooms, desk_view
from moderation.desk.forms import DecisionForm
from moderation.models import Case
from moderation.ports import Content, ContentRef
from moderation.refusals import DeskRefused
from moderation.statements import REASONS

SHOWN = 100
AROUND = 10
NEAR = 3
BLURRED_UP_TO = 2  # severities whose text waits for a press


@require_GET
@desk_view
def queue(request: HttpRequest, rooms: Rooms) -> HttpResponse:
    wanted = _filters(request, rooms)
    found = cases.queue(wanted["rooms"], int(request.user.pk or 0))
    if wanted["severity"]:
        found = found.filter(severity=wanted["severity"])
    if wanted["label"]:
        found = found.filter(label=wanted["label"])
    now = timezone.now()
    context = {
        "rows": [_row(case, rooms, request, now) for case in found[:SHOWN]],
        "count": found.count(),
        "rooms": rooms.values(),
        "labels": sorted(evidence.LABEL_WORDS.items(), key=lambda item: item[1]),
        "severities": evidence.SEVERITY_WORDS.items(),
        "wanted": wanted,
        "engine_fault": gate.engine_fault(),
        "engine_version": gate.engine_version(),
        "unscreened": gate.waiting_unscreened(),
    }
    return render(request, "desk/queue.html", context)


def _filters(request: HttpRequest, rooms: Rooms) -> dict[str, Any]:
    """What the address asks for; anything else in it is left out."""
    slug, severity = request.GET.get("room", ""), request.GET.get("severity", "")
    label = request.GET.get("label", "")
    chosen = [room.id for room in rooms.values() if room.slug == slug]
    return {
        "room": slug if chosen else "",
        "rooms": chosen or list(rooms),
        "severity": int(severity) if severity in ("1", "2", "3", "4") else 0,
        "label": label if label in evidence.LABEL_WORDS else "",
    }


def _row(case: Case, rooms: Rooms, request: HttpRequest, now: Any) -> dict[str, Any]:
    claimed = case.claimed_by_id if case.claimed_until and case.claimed_until > now else None
    return {
        "case": case,
        "room": rooms[case.room_id],
        "label": evidence.words(case.label),
        "severity": evidence.SEVERITY_WORDS[case.severity],
        "level": evidence.LEVEL_WORDS.get(case.level, case.level),
        "source": evidence.WHENCE.get(case.source, ""),
        "is_late": case.due_at < now,
        "claimed": _name(claimed, case.room_id, request),
    }


def _name(account_id: int | None, room_id: int, request: HttpRequest) -> str:
    if account_id is None:
        return ""
    if account_id == request.user.pk:
        return "you"
    return ports.owner().handle_in(account_id, room_id) or "somebody"


@require_http_methods(["GET", "POST"])
@desk_view
def case(request: HttpRequest, rooms: Rooms, pk: int) -> HttpResponse:
    found = Case.objects.filter(pk=pk, room_id__in=list(rooms)).first()
    if found is None:
        raise Http404
    cases.check_not_about(found, int(request.user.pk or 0))
    content = ports.owner().content(_ref(found))
    if request.method == "POST":
        return _decided(request, found, rooms, content, _form(found, content, request.POST))
    audit.append("case.viewed", actor_id=request.user.pk, subject=f"case:{pk}")
    return _case_page(request, found, rooms, content, _form(found, content))


def _form(found: Case, content: Content | None, data: QueryDict | None = None) -> DecisionForm:
    return DecisionForm(
        data,
        kinds=outcomes.offered(found, content, reported=cases.reported(found)),
        is_held=content is not None and content.status == outcomes.HELD,
        must_answer=bool(cases.author_asked(found)),
    )


def _ref(found: Case) -> ContentRef:
    return ContentRef(found.content_kind, found.content_id)


def _case_page(
    request: HttpRequest,
    found: Case,
    rooms: Rooms,
    content: Content | None,
    form: DecisionForm,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    context = {
        **_row(found, rooms, request, now),
        "content": content,
        "state": evidence.state(content),
        "versions": evidence.versions(cases.evidence_of(found), content, found),
        "place": _place(found, content, request),
        "outcome": cases.outcome_of(found),
        "is_blurred": found.severity <= BLURRED_UP_TO,
        "reasons": evidence.reasons(found.signals),
        "reports": found.reports.order_by("at"),
        "report_words": filing.REASON_WORDS,
        **_around(found),
        "record": [
            (c, evidence.words(c.label), cases.outcome_of(c)) for c in cases.record_of(found)
        ],
        "sanctions": cases.sanctions_on(found),
        "decisions": _decisions(found, request),
        "obstacle": cases.obstacle(found, int(request.user.pk or 0)),
        "is_taken": cases.is_claimed_by_other(found, int(request.user.pk or 0), now),
        "form": form,
        "typed": form.typed(),
    }
    return render(request, "desk/case.html", context, status=status)


def _place(found: Case, content: Content | None, request: HttpRequest) -> str:
    """Where the moderator can open it in the room; empty when it is not there to be seen, or they
    are no member of the room."""
    if content is None or content.status != "published":
        return ""
    is_member = ports.owner().handle_in(int(request.user.pk or 0), found.room_id)
    return content.address if is_member else ""


def _around(found: Case) -> dict[str, Sequence[Content]]:
    """What stands before and after it: the nearest in sight, the rest behind a press."""
    all_of_it = ports.owner().context(_ref(found), before=AROUND, after=AROUND)
    here = next((n for n, c in enumerate(all_of_it) if c.ref.id == found.content_id), 0)
    before, after = all_of_it[:here], all_of_it[here + 1 :]
    return {
        "long_before": before[:-NEAR],
        "before": before[-NEAR:],
        "it": all_of_it[here : here + 1],
        "after": after[:NEAR],
        "long_after": after[NEAR:],
    }


def _decisions(found: Case, request: HttpRequest) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "who": _name(decision.moderator_id, found.room_id, request) or "a former moderator",
            "what": outcomes.KINDS.get(decision.kind, decision.kind),
            "why": REASONS.get(decision.reason, ""),
            "note": decision.note,
            "at": decision.at,
        }
        for decision in found.decisions.order_by("at")
    ]


def _decided(
    request: HttpRequest,
    found: Case,
    rooms: Rooms,
    content: Content | None,
    form: DecisionForm,
) -> HttpResponse:
    if not form.is_valid():
        return _case_page(request, found, rooms, content, form, 422)
    try:
        cases.decide(found.pk, int(request.user.pk or 0), form.wish(), now=timezone.now())
    except DeskRefused as refused:
        if refused.status == 404:
            raise Http404 from refused
        form.add_error(None, refused.detail)
        found.refresh_from_db()
        return _case_page(request, found, rooms, content, form, refused.status)
    found.refresh_from_db()
    following = _next_case(int(request.user.pk or 0), rooms)
    goes_on = "Below is the next case" if following else "No other case waits for you"
    messages.success(request, f"Case {found.pk} is decided: {cases.outcome_of(found)}. {goes_on}.")
    return redirect("desk:case", following.pk) if following else redirect("desk:queue")


def _next_case(moderator_id: int, rooms: Rooms) -> Case | None:
    """The first in the queue that this moderator may decide and nobody else is working on."""
    now = timezone.now()
    for case in cases.queue(list(rooms), moderator_id)[:SHOWN]:
        is_free = not cases.is_claimed_by_other(case, moderator_id, now)
        if is_free and cases.obstacle(case, moderator_id) is None:
            return case
    return None


@require_POST
@desk_view
def claim(request: HttpRequest, rooms: Rooms, pk: int) -> HttpResponse:
    """Claim, give back or take over, by the pressed button."""
    moderator = int(request.user.pk or 0)
    how = request.POST.get("how", "claim")
    if how == "give_back":
        cases.release_claim(pk, moderator)
    elif how == "take_over":
        cases.take_over(pk, moderator, now=timezone.now())
    else:
        cases.claim(pk, moderator, now=timezone.now())
    return redirect("desk:case", pk)
