"""What answers to programs share: they are for the pages of any site, and 304 to who has them already."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from newsroom.models import Newsroom

from .pages import site_address


def newsroom_with_address(request: HttpRequest) -> Newsroom:
    """With its policies, and an absolute address in any case."""
    newsroom = Newsroom.objects.with_policies().current()
    newsroom.address = site_address(newsroom, request)
    return newsroom


def answer_for_all(request: HttpRequest, body: bytes, content_type: str) -> HttpResponseBase:
    digest = hashlib.sha256(body).hexdigest()
    return for_all(request, HttpResponse(body, content_type=content_type), digest)


def for_all(
    request: HttpRequest, answer: HttpResponseBase, digest: str, *, weak: bool = False
) -> HttpResponseBase:
    """For the pages of any site; 304 to who has it already."""
    etag = f"W/{quote_etag(digest)}" if weak else quote_etag(digest)
    answer.headers["ETag"] = etag
    answer.headers["Access-Control-Allow-Origin"] = "*"
    found = get_conditional_response(request, etag, None, answer)
    if found is not answer:
        let_go(answer)
        found.headers["Access-Control-Allow-Origin"] = "*"
    return found


def let_go(answer: HttpResponseBase) -> None:
    """Closes what an answer that is not sent holds, such as a file; to close all would end the request."""
    for closable in getattr(answer, "_resource_closers", ()):
        closable()
