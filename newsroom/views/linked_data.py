"""Articles, claims and reviews in the formats of other systems: for everyone, without a session."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from newsroom.formats import nif, ninjs, provenance, schema_org
from newsroom.models import Article, ArticleAddress, Claim, Correction, Newsroom, Rectification
from newsroom.presenters import linked_data
from newsroom.presenters.linked_data import LinkedArticle

from .for_machines import answer_for_all, for_all, newsroom_with_address
from .pages import code_of
from .sharing import of_article, of_claim, of_everything, shared

#: More of the feed than this is kept in a file, and not in memory.
IN_MEMORY = 1 << 20


@require_safe
@shared(of_everything, for_all=True)
def claim_reviews(request: HttpRequest) -> HttpResponseBase:
    """Every review that may leave, as one file, which is how it is read by those who gather them."""
    newsroom = newsroom_with_address(request)
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- the answer closes it
    digest = hashlib.sha256()
    for piece in schema_org.data_feed(_reviews(newsroom, at=now()), newsroom=newsroom):
        digest.update(piece)
        file.write(piece)
    file.seek(0)
    answer = FileResponse(file, content_type="application/ld+json; charset=utf-8")
    answer.headers.pop("Content-Disposition", None)
    return for_all(request, answer, digest.hexdigest())


def _reviews(newsroom: Newsroom, *, at: datetime) -> Iterator[schema_org.Json]:
    """None of the demonstration: a judgement that is made up is not published to machines."""
    if settings.DEMO:
        return
    for line in linked_data.feed_reviews(at=at):
        data = schema_org.claim_review(
            line.review,
            label=line.badge.label,
            levels=line.levels,
            appearances=line.appearances,
            first=line.appearances[-1] if line.appearances else "",
            wordings=line.wordings,
            replies=line.replies,
            newsroom=newsroom,
        )
        if data is not None:
            del data["@context"]
            yield data


@require_safe
@shared(of_article, for_all=True)
def article_ninjs(request: HttpRequest, slug: str) -> HttpResponseBase:
    newsroom = newsroom_with_address(request)
    told = _linked(request, slug, newsroom)
    if isinstance(told, HttpResponse):
        return told
    article = told.article
    data = ninjs.item(
        article,
        newsroom=newsroom,
        quotations=told.quotations,
        named=told.named,
        sources=told.sources,
        claims=told.claims,
        corrections=Correction.objects.filter(article=article).select_related("before", "after"),
        rectifications=Rectification.objects.about(article).standing(),
        renditions={
            article.get_absolute_url(): "text/html",
            reverse("data:article-nif", args=[article.slug]): "text/turtle",
        },
    )
    body = json.dumps(data, ensure_ascii=False, indent=1).encode()
    return answer_for_all(request, body, "application/json; charset=utf-8")


@require_safe
@shared(of_article, for_all=True)
def article_nif(request: HttpRequest, slug: str) -> HttpResponseBase:
    newsroom = newsroom_with_address(request)
    told = _linked(request, slug, newsroom)
    if isinstance(told, HttpResponse):
        return told
    body = nif.turtle(told.tagged, vocabulary=_vocabulary(newsroom), quotes_only=told.quotations is not None)
    return answer_for_all(request, body, nif.CONTENT_TYPE)


def _linked(request: HttpRequest, slug: str, newsroom: Newsroom) -> LinkedArticle | HttpResponse:
    """What readers see of an article; or the way to it, or that it was withdrawn."""
    found = Article.objects.published(at=now()).filter(slug=slug).select_related("current_revision").first()
    if found is not None:
        in_full = found.shows_in_full(demo=settings.DEMO)
        return linked_data.linked_article(found, newsroom=newsroom, in_full=in_full)
    if Article.objects.withdrawn().filter(slug=slug).exists():
        return HttpResponse(status=410)
    public = Article.objects.published(at=now())
    old = ArticleAddress.objects.filter(article__in=public).select_related("article")
    moved = get_object_or_404(old, slug=slug).article
    page = request.resolver_match
    return HttpResponsePermanentRedirect(reverse(page.view_name, args=[moved.slug]))


@require_safe
@shared(of_claim, for_all=True)
def claim_prov_json(request: HttpRequest, address: str) -> HttpResponseBase:
    told = _provenance(request, address)
    return answer_for_all(request, provenance.prov_json(told), provenance.JSON_TYPE)


@require_safe
@shared(of_claim, for_all=True)
def claim_prov_turtle(request: HttpRequest, address: str) -> HttpResponseBase:
    """Its nodes without a name come in another order each time: so it is known by what it says."""
    told = _provenance(request, address)
    digest = hashlib.sha256(provenance.prov_json(told)).hexdigest()
    answer = HttpResponse(provenance.turtle(told), content_type=provenance.TURTLE_TYPE)
    return for_all(request, answer, digest, weak=True)


def _provenance(request: HttpRequest, address: str) -> provenance.Provenance:
    at, newsroom = now(), newsroom_with_address(request)
    claim = get_object_or_404(Claim.objects.public(at=at).with_code(code_of(address)))
    return linked_data.provenance(claim, newsroom=newsroom, vocabulary=_vocabulary(newsroom), at=at)


def _vocabulary(newsroom: Newsroom) -> str:
    """Under which our own terms stand."""
    return f"{newsroom.address}/method/#"
