"""What the newsroom says about itself, now and before."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from newsroom.presenters.pages import page_shown, page_versions

from .pages import public_page
from .sharing import of_everything, shared

#: The page of the newsroom that says what is kept on readers.
PRIVACY = "privacy"


@require_safe
@shared(of_everything)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    return _shown(request, slug)


@require_safe
@shared(of_everything)
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A page as it read then. Search engines are led to the page as it reads now."""
    return _shown(request, slug, number)


@require_safe
@shared(of_everything)
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    found = page_versions(slug)
    if found is None:
        raise Http404
    return public_page(request, "reader/page_versions.html", page=found)


def _shown(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    found = page_shown(slug, number)
    if found is None:
        if slug == PRIVACY and number is None:
            # Each form of readers leads here, also before anybody has written it.
            return public_page(request, "reader/privacy.html")
        raise Http404
    return public_page(request, "reader/page.html", page=found, unlisted=number is not None)
