"""Headers that every response carries, those that keep personal pages out of caches, and HEAD."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

SIGN_OUT = "/account/sign-out/"
PUBLIC = ("/static/", "/help/", "/healthz")


class PrivacyHeaders:
    """CORP everywhere; no-store and noindex on everything but the public pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.path.startswith("/static/"):
            return response
        if request.method == "POST" and request.path == SIGN_OUT:
            response["Clear-Site-Data"] = '"cache", "storage"'  # drafts and pending texts
        response.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ("Cookie",))
        if request.path != "/" and not request.path.startswith(PUBLIC):
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response


class HeadAsGet:
    """HEAD gets the headers of GET from every page, also where a view names its methods.

    The server leaves the body out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        response = self.get_response(request)
        request.method = "HEAD"
        return response
