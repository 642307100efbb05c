"""Whether the site is well: asked by other programs, often, without a session. Strangers get yes or no."""

from __future__ import annotations

import ipaddress
from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from newsroom.presenters import condition

#: Whoever stands behind one of these is somewhere else, though the proxy is here.
_PASSED_ON = ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP")


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """That the process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether it can do its work: 200, or 503. Which thing it is, only whoever runs the machine is told."""
    things = condition.ready()
    well = all(things.values())
    answer = {"ready": well, **(things if _is_ours(request) else {})}
    return JsonResponse(answer, status=200 if well else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, if figures are kept at all."""
    if not settings.METRICS:
        return HttpResponse(status=404)
    if not _is_ours(request):
        return HttpResponseForbidden()
    from newsroom.outside import metrics

    return HttpResponse(metrics.told(condition.figures(at=now())), content_type=metrics.CONTENT_TYPE)


def _is_ours(request: HttpRequest) -> bool:
    """Who says the token; or who asks from this machine itself, and not through the proxy that runs on it."""
    token = settings.HEALTH_TOKEN
    if token and compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()
    ):
        return True
    if any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
