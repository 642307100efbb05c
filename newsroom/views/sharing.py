"""How public pages are kept: by whoever has one, by caches on the way, and here.

A public page is a function of its address and of what is published (ADR 11), and what is published has a
version (`models/shown.py`). One statement asks for it. Who has the page of that version is answered 304; if
it was made already it is answered as it was made, compressed if that was asked for; else it is made.

The ETag says two things, the version and what the bytes are: `W/"<version>.<sum>"`. So a list that stayed the
same though something else was published is not sent again either.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import cache, wraps
from itertools import combinations
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from django.utils.timezone import now

from newsroom.models.shown import (
    Version,
    version_of_article,
    version_of_claim,
    version_of_everything,
)
from newsroom.outside.release import release
from newsroom.outside.shared_cache import keep, kept
from newsroom.presenters.annotated_article.page import LAYERS, NO_LAYER

from .for_machines import let_go
from .pages import code_of

View = Callable[..., HttpResponseBase]
VersionOf = Callable[[HttpRequest], Version | None]

#: Of the many queries that an address may have, those whose pages are worth keeping here, each in one form,
#: so that nobody fills the cache with words of their own: layers as the page itself asks for them, and pages.
KEPT_QUERIES = {
    "&".join(f"layer={name}" for name in (*said, *chosen))
    for said in ((), (NO_LAYER,))
    for number in range(len(LAYERS) + 1)
    for chosen in combinations(LAYERS, number)
}
_PAGE = re.compile(r"page=[1-9]\d{0,2}")
#: Seconds: what changed so lately may change again within the second that `Last-Modified` names.
SETTLED = 60
#: As Django's own middleware asks.
_GZIP = re.compile(r"\bgzip\b")
#: Bytes: what is smaller is not worth compressing.
SMALL = 200


def of_article(request: HttpRequest) -> Version | None:
    return version_of_article(_named(request, "slug"), at=now())


def of_claim(request: HttpRequest) -> Version | None:
    return version_of_claim(code_of(_named(request, "address")), at=now())


def of_passage(request: HttpRequest) -> Version | None:
    return version_of_claim(code_of(_named(request, "address")), at=now(), by="passage")


def of_review(request: HttpRequest) -> Version | None:
    return version_of_claim(_named(request, "code"), at=now(), by="review")


def of_everything(_request: HttpRequest) -> Version:
    return version_of_everything(at=now())


def _named(request: HttpRequest, what: str) -> str:
    assert request.resolver_match
    return str(request.resolver_match.kwargs[what])


def shared(version_of: VersionOf, *, for_all: bool = False) -> Callable[[View], View]:
    """A view of a public page, which everybody may keep: it reads no session, and shows its version.

    `for_all` is for what programs on others' pages may read.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            version = None if settings.DEBUG else version_of(request)
            if version is None:
                answer = view(request, *args, **kwargs)
                answer.headers.setdefault("Cache-Control", "no-cache")
                return answer
            return _Asked(request, version, for_all=for_all).answered(lambda: view(request, *args, **kwargs))

        return answered

    return decorate


class _Asked:
    """One request for a page of a version."""

    def __init__(self, request: HttpRequest, version: Version, *, for_all: bool) -> None:
        self.request, self.version, self.for_all = request, version, for_all
        host = f"{request.scheme}://{request.get_host()}"
        asked = (version.mark, made_by(), host, request.get_full_path(), bool(request.htmx))
        self.mark = hashlib.blake2b(repr(asked).encode(), digest_size=12).hexdigest()
        self.had = parse_etags(request.headers.get("If-None-Match", ""))
        self.changed = max(version.changed, release().at)

    def answered(self, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        for etag in self.had:
            if etag.startswith((f'W/"{self.mark}.', f'W/"{self.mark}"')):
                return self._not_modified(etag)
        if not self.had and self._not_modified_since():
            return self._not_modified("")
        squeezed = bool(_GZIP.search(self.request.headers.get("Accept-Encoding", "")))
        name = f"page-{self.mark}-{'gzip' if squeezed else 'plain'}"
        query = self.request.META.get("QUERY_STRING", "")
        keeps = query in KEPT_QUERIES or _PAGE.fullmatch(query) is not None
        if keeps and (found := kept(name)):
            about, body = found
            answer = HttpResponse(body, headers=about["headers"])
            return self._told(answer, about["etag"])
        made = make()
        if made.status_code != 200:
            made.headers.setdefault("Cache-Control", "no-cache")
            return made
        known = made.headers.get("ETag", "").removeprefix("W/").strip('"')
        if made.streaming or not isinstance(made, HttpResponse):
            return self._told(made, f'W/"{self.mark}.{known}"' if known else f'W/"{self.mark}"')
        body = made.content
        etag = f'W/"{self.mark}.{known or hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        if squeezed and len(body) >= SMALL and not made.has_header("Content-Encoding"):
            made.content = body = gzip.compress(body, compresslevel=6, mtime=0)
            made.headers["Content-Encoding"] = "gzip"
        if keeps and not made.cookies:
            headers = {key: value for key, value in made.headers.items() if key not in _OF_THE_ANSWER}
            keep(name, {"etag": etag, "headers": headers}, body)
        return self._told(made, etag)

    def _told(self, answer: HttpResponseBase, etag: str) -> HttpResponseBase:
        """With what caches have to know; 304 if what was made anew is what the visitor has."""
        same = etag.partition(".")[2]
        if same and any(had.endswith(f".{same}") for had in self.had):
            let_go(answer)
            return self._not_modified(etag)
        self._tell(answer, etag)
        return answer

    def _not_modified(self, etag: str) -> HttpResponseBase:
        answer = HttpResponseNotModified()
        self._tell(answer, etag)
        return answer

    def _not_modified_since(self) -> bool:
        since = parse_http_date_safe(self.request.headers.get("If-Modified-Since", ""))
        return since is not None and self.changed <= since and self._settled

    @property
    def _settled(self) -> bool:
        return self.changed < now().timestamp() - SETTLED

    def _tell(self, answer: HttpResponseBase, etag: str) -> None:
        if etag:
            answer.headers["ETag"] = etag
        answer.headers["Last-Modified"] = http_date(self.changed)
        del answer.headers["Cache-Control"]
        # A replica may be behind what a cache on the way was just told to drop.
        if settings.CDN_SECONDS and not getattr(getattr(self.request, "reads", None), "alias", ""):
            ages = {"s_maxage": settings.CDN_SECONDS, "stale_while_revalidate": settings.CDN_STALE_SECONDS}
            patch_cache_control(answer, public=True, max_age=0, **ages)
            answer.headers["Surrogate-Key"] = " ".join(self.version.names)
            answer.headers["Cache-Tag"] = ",".join(self.version.names)
        else:
            patch_cache_control(answer, public=True, max_age=0, must_revalidate=True)
        patch_vary_headers(answer, ("Accept-Encoding",))
        if self.for_all:
            answer.headers["Access-Control-Allow-Origin"] = "*"


#: What is said anew with each answer.
_OF_THE_ANSWER = {"ETag", "Last-Modified", "Cache-Control", "Surrogate-Key", "Cache-Tag", "Content-Length"}


@cache
def made_by() -> str:
    """What pages are made by besides what they show: the release, and settings that can be seen on them."""
    key = settings.SIGNING_KEY
    signer = key.public_key().public_bytes_raw() if key else b""
    said = (release().mark, settings.DEMO, signer, settings.TIME_ZONE, settings.SENDS_MAIL)
    return hashlib.blake2b(repr(said).encode(), digest_size=12).hexdigest()
