"""What answers to programs share: they are for the pages of any site, and 304 to who has them already."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from newsroom.models import Deed, Newsroom

from .pages import site_address


def newsroom_with_address(request: HttpRequest) -> Newsroom:
    """With its policies, and an absolute address in any case."""
    newsroom = Newsroom.objects.with_policies().current()
    newsroom.address = site_address(newsroom, request)
    return newsroom


def last_deed() -> float | None:
    """When something was done last that may have changed what leaves."""
    at = Deed.objects.order_by("-pk").values_list("at", flat=True).first()
    return at.timestamp() if at else None


def answer_for_all(
    request: HttpRequest, body: bytes, content_type: str, *, changed: float | None = None
) -> HttpResponseBase:
    digest = hashlib.sha256(body).hexdigest()
    return for_all(request, HttpResponse(body, content_type=content_type), digest, changed=changed)


def for_all(
    request: HttpRequest,
    answer: HttpResponseBase,
    digest: str,
    *,
    changed: float | None = None,
    weak: bool = False,
) -> HttpResponseBase:
    """For the pages of any site; 304 to who has it already."""
    etag = f"W/{quote_etag(digest)}" if weak else quote_etag(digest)
    modified = int(changed) if changed is not None else None
    answer.headers["ETag"] = etag
    if modified is not None:
        answer.headers["Last-Modified"] = http_date(modified)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    found = get_conditional_response(request, etag, modified, answer)
    if found is not answer:
        # The file of the feed; to close the whole answer would end the request.
        for closable in getattr(answer, "_resource_closers", ()):
            closable()
        found.headers["Access-Control-Allow-Origin"] = "*"
    return found
