"""What a person or a client may be told when something can't be done."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

STATUS = {
    "not_found": 404,
    "sign_in": 401,
    "slow_down": 429,
    "try_again": 503,
    "malformed": 400,
}
FORBIDDEN = 403


class Refused(Exception):
    """A refusal with a stable code and a sentence that says what to do.

    `code` is snake_case (a leading area and a dot are allowed: "room.closed"); `detail` is shown to
    the person as it is.
    """

    def __init__(self, code: str, detail: str, *, status: int | None = None, way: str = "") -> None:
        """`way` is the address of a page that helps on, for whoever gets this as a page."""
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.way = way
        self.status = status or STATUS.get(code, FORBIDDEN)


def not_found(*, way: str = "") -> Refused:
    """The one answer to "not there" and to "not for you"."""
    return Refused("not_found", "There is nothing here, or it is not open to you.", way=way)


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


class RefusedAsPage:
    """Turns a Refused that a view raised into a page, or into JSON where that was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _answer(request, error) if isinstance(error, Refused) else None


def _answer(request: HttpRequest, error: Refused) -> HttpResponse:
    if wants_json(request):
        shape = {"type": "error", "code": error.code, "detail": error.detail}
        return JsonResponse(shape, status=error.status)
    return render(request, "refused.html", {"error": error}, status=error.status)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose secret has gone stale; Back keeps what was typed."""
    error = Refused(
        "stale_form",
        "This page was open for too long. Go back, copy what you wrote, reload, and send it again.",
    )
    return _answer(request, error)
