"""What can be cited of a claim: each version of its rating, and how."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from newsroom.formats import citation
from newsroom.formats.citation import Citation
from newsroom.models import Claim, Newsroom
from newsroom.presenters.claim import ClaimPage, ReviewView, versions_of
from newsroom.presenters.ratings import Ratings

from .pages import code_of, site_address
from .sharing import of_claim, shared


@require_safe
def claim_version(request: HttpRequest, address: str, number: int) -> HttpResponse:
    """To the review that is the version with this number."""
    return HttpResponsePermanentRedirect(_version(address, number).url)


@require_safe
@shared(of_claim)
def bibtex(request: HttpRequest, address: str) -> HttpResponse:
    cited = citation_of(_version(address), Newsroom.objects.current(), request)
    return HttpResponse(citation.bibtex(cited), content_type="application/x-bibtex; charset=utf-8")


@require_safe
@shared(of_claim)
def csl_json(request: HttpRequest, address: str) -> HttpResponse:
    cited = citation_of(_version(address), Newsroom.objects.current(), request)
    kind = "application/vnd.citationstyles.csl+json; charset=utf-8"
    return HttpResponse(citation.csl_json(cited), content_type=kind)


def cited_in_words(page: ClaimPage, newsroom: Newsroom, request: HttpRequest) -> str:
    """Of a claim that nobody has rated there is only its wording and its address to cite."""
    if page.current is None:
        return f"{newsroom}, «{page.claim.text}», {site_address(newsroom, request)}{page.url}"
    return citation.in_words(citation_of(page.current, newsroom, request))


def _version(address: str, number: int | None = None) -> ReviewView:
    """The version with this number, or the current one; 404 if there is none."""
    public = Claim.objects.public(at=now()).with_code(code_of(address)).select_related("claimant")
    for view in versions_of(get_object_or_404(public), Ratings.load()):
        if view.is_current if number is None else view.number == number:
            return view
    raise Http404


def citation_of(view: ReviewView, newsroom: Newsroom, request: HttpRequest) -> Citation:
    claim = view.review.claim
    return Citation(
        code=claim.code,
        version=view.number,
        newsroom=newsroom.name,
        claim=claim.text,
        lang=claim.lang,
        rating=view.badge.label,
        published_on=localdate(view.review.published_at),
        url=site_address(newsroom, request) + view.url,
    )
