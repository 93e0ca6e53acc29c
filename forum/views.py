"""The landing page and the way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from forum.accounts import leaving
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


# An exit is never refused for a form that has gone stale. Another site's form can sign nobody out:
# it comes without the session's cookie, which is SameSite.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def quick_exit(request: HttpRequest) -> HttpResponse:
    """A neutral page that gives nothing away; what the browser kept of us is cleared on the way."""
    if request.method == "POST":
        leaving.sign_out(request)
        return redirect("quick_exit")
    response = render(request, "exit.html")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
