"""The help page: open to everybody, without signing in, without JavaScript."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from forum.care import cards, choice, lines
from forum.care.models import BrokenLineReport
from forum.errors import Refused, wants_json
from forum.limits import Buckets

# Anybody may report; all reports together are limited, since nobody is told apart here.
REPORTS = Buckets(burst=60, per_second=60 / 3600)


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    iso = choice.chosen_country(request)
    context = {
        "country": lines.country(iso),
        "lines": _lines(iso),
        "countries": lines.countries(),
        "everywhere": lines.everywhere(),
        "overdose": cards.card("overdose", iso),
        "withdrawal": cards.card("withdrawal", iso),
    }
    response = render(request, "care/help.html", context)
    if chosen := lines.country(request.GET.get("country")):
        choice.remember(response, chosen.iso)
    return response


def _lines(iso: str | None) -> list[lines.Line]:
    found = lines.country(iso)
    return found.of_kinds(lines.KINDS) if found else []


@require_POST
def choose_country(request: HttpRequest) -> HttpResponse:
    """Keep a country, or none; then back to a page, or for a script the card with its lines."""
    iso = request.POST.get("country", "").upper()
    if iso and lines.country(iso) is None:
        raise Refused("country.unknown", "Choose a country from the list.", status=422)
    response = _card_again(request, iso) if wants_json(request) else redirect(_back(request))
    choice.keep(request, response, iso)
    return response


def _card_again(request: HttpRequest, iso: str) -> HttpResponse:
    name = request.POST.get("card", "")
    return JsonResponse(cards.card(name, iso).as_frame() if name in cards.NAMES else {})


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else reverse("care:help")


@require_POST
def report_line(request: HttpRequest) -> HttpResponse:
    """Only lines that we show can be reported, so that nothing else gets into the table."""
    found = lines.country(request.POST.get("country"))
    name = request.POST.get("line", "")
    if found is None or name not in {line.name for line in found.lines}:
        raise Refused("line.unknown", "Choose the line from the list.", status=422)
    if not REPORTS.take("all"):
        raise Refused("slow_down", "Many reports came in just now. Please try again later.")
    note = request.POST.get("note", "").replace("\x00", "")[:300]
    BrokenLineReport.objects.create(country=found.iso, line=name, note=note)
    messages.success(request, "Thank you. Somebody will check this line.")
    return redirect(f"{reverse('care:help')}?country={found.iso}")
