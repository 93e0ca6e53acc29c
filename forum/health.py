"""Liveness, readiness and figures. No personal data in any of them."""

import hmac

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from forum.chat import runtime
from forum.errors import not_found
from moderation import gate

LOOPBACK = ("127.0.0.1", "::1")


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """What is missing, by name: the database, the channel layer, the engine; 503 when any is."""
    faults = {
        "database": _database_fault(),
        "layer": runtime.layer_fault(),
        "engine": gate.engine_fault(),
    }
    state = {name: fault or "ready" for name, fault in faults.items()}
    state["engine_version"] = gate.engine_version()
    state["full_grade"] = "not installed"
    return JsonResponse(state, status=503 if any(faults.values()) else 200)


def _database_fault() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return ""


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, for this machine and for whoever has the token."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    here = request.META.get("REMOTE_ADDR") in LOOPBACK and not settings.BEHIND_PROXY
    if not here and not (token and hmac.compare_digest(given, token)):
        raise not_found()
    registry = CollectorRegistry()
    for name, (words, value) in runtime.figures().items():
        Gauge(f"handrail_{name}", words, registry=registry).set(value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
