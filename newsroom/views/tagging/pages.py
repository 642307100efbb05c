"""The text to be tagged, whole or sentence by sentence, and what words find."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from newsroom.presenters.finding import claims_like, found_entities, found_sources
from newsroom.presenters.suggested import suggested
from newsroom.presenters.tagging import sentence_lines, tagging_page
from newsroom.views.access import desk_page, for_the_desk

from .asked import article_at


@for_the_desk("add_annotation")
@require_safe
def tags(request: HttpRequest, slug: str) -> HttpResponse:
    """The text with its tags, to select words in and to say what they are; and what waits for a person.

    The address may say which suggestions are shown: `at_least`, `kind`, `order`.
    """
    article = article_at(slug)
    return desk_page(
        request,
        "desk/tagging.html",
        article=article,
        page=tagging_page(article),
        suggested=suggested(article, request.GET),
        next_page=request.get_full_path(),
    )


@for_the_desk("add_annotation")
@require_safe
def sentences(request: HttpRequest, slug: str) -> HttpResponse:
    """The text sentence by sentence, with ordinary buttons: no letters, no selection."""
    article = article_at(slug)
    waiting = suggested(article, request.GET)
    return desk_page(
        request,
        "desk/sentences.html",
        article=article,
        sentences=sentence_lines(tagging_page(article), waiting.lines),
        suggested=waiting,
        next_page=request.get_full_path(),
    )


@for_the_desk("add_annotation")
@require_safe
def find(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What the words `q` find, to choose from, as somebody types."""
    article, words = article_at(slug), request.GET.get("q", "")[:300]
    found = {
        "claim": lambda: claims_like(words, article.lang),
        "mention": lambda: found_entities(words),
        "attribution": lambda: found_sources(words, article),
    }[kind]()
    return desk_page(request, "desk/_found.html", article=article, kind=kind, found=found, words=words)
