"""The landing page and the way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from forum.care import cards, choice, lines


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    iso = choice.chosen_country(request)
    context = {
        "country": lines.country(iso),
        "lines": lines.card_lines(iso, cards.TALK),
        "countries": lines.countries(),
    }
    return render(request, "home.html", context)


@require_GET
def quick_exit(request: HttpRequest) -> HttpResponse:
    """A neutral page that gives nothing away; what the browser kept of us is cleared on the way."""
    response = render(request, "exit.html")
    response["Clear-Site-Data"] = '"cache"'
    return response
