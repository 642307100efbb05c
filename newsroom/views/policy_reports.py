"""Where browsers send what the content security policy kept out: counted here, and sent to nobody else.

Both ways that browsers have are read: `report-uri` (`application/csp-report`, one) and the Reporting API
(`application/reports+json`, several). Whatever is sent is somebody's word, and answered alike: nobody learns
from the answer what was counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from newsroom.models import PolicyReport

#: Bytes that are read, and reports of them that are counted.
LARGEST, MOST = 16 * 1024, 10
#: What a policy can hold, so that nobody writes words of their own into a row.
DIRECTIVES = {
    *("default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem"),
    *("style-src-attr", "img-src", "font-src", "connect-src", "media-src", "object-src", "frame-src"),
    *("child-src", "worker-src", "manifest-src", "form-action", "base-uri", "frame-ancestors"),
    *("require-trusted-types-for", "trusted-types"),
}
#: What browsers write where nothing was fetched; of an address without a host its scheme.
WORDS = {"inline", "eval", "wasm-eval", "self", "trusted-types-policy", "trusted-types-sink", "data", "blob"}
_FETCHED = {"http", "https", "ws", "wss"}


@csrf_exempt
@require_POST
def policy_reports(request: HttpRequest) -> HttpResponse:
    """204, or 413 and 415 to what is no report. `Paced` tells who sends very many to wait."""
    if request.content_type not in ("application/csp-report", "application/reports+json"):
        return HttpResponse(status=415)
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return HttpResponse(status=413)
    for directive, blocked, page in _kinds(body, request.get_host()):
        PolicyReport.objects.count_one(directive=directive, blocked=blocked, page=page, at=now())
    return HttpResponse(status=204)


def _kinds(body: bytes, host: str) -> Iterator[tuple[str, str, str]]:
    """The kinds of what is reported of our own pages."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return
    for said in [each for each in _reports(sent) if isinstance(each, dict)][:MOST]:
        names = ("effectiveDirective", "effective-directive", "violated-directive")
        directive = (_first(said, *names).split() or [""])[0]
        blocked = _blocked(_first(said, "blockedURL", "blocked-uri"), host)
        page = _page(_first(said, "documentURL", "document-uri"), host)
        if directive in DIRECTIVES and blocked and page is not None:
            yield directive, blocked, page


def _reports(sent: Any) -> Iterator[Any]:
    if isinstance(sent, dict):
        yield sent.get("csp-report")
    elif isinstance(sent, list):
        for each in sent:
            if isinstance(each, dict) and each.get("type") == "csp-violation":
                yield each.get("body")


def _first(said: dict[str, Any], *names: str) -> str:
    found = next((said[name] for name in names if said.get(name)), "")
    return found if isinstance(found, str) else ""


def _blocked(address: str, host: str) -> str:
    """An origin or a word; empty for what is not the page's: a browser's own extensions, or nonsense."""
    if address in WORDS:
        return address
    try:
        parts = urlsplit(address)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme in ("data", "blob"):
        return parts.scheme
    sound = name.isascii() and name.replace("-", "").replace(".", "").isalnum()
    if parts.scheme not in _FETCHED or not sound:
        return ""
    if parts.netloc == host:
        return "self"
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}"[:100]


def _page(address: str, host: str) -> str | None:
    """The pattern of a page's address, empty if there is none; None if it is another site's."""
    try:
        parts = urlsplit(address)
        if parts.netloc != host:
            return None
        path = parts.path
        for code, _name in settings.LANGUAGES:
            path = path.removeprefix(f"/{code}") if path.startswith(f"/{code}/") else path
        return f"/{resolve(path).route}"[:120]
    except Resolver404:
        return ""
    except ValueError:
        return None
