"""The desk: its front page, and articles as readers will see them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from newsroom.formats.exchanges import outgoing
from newsroom.models import Article
from newsroom.presenters.annotated_article import annotated_article, chosen_layers
from newsroom.presenters.claim_map import claim_map
from newsroom.presenters.claim_url import claim_url
from newsroom.presenters.desk import home_page
from newsroom.presenters.relations import relations_url

from .access import desk_page, for_the_desk


@for_the_desk()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return desk_page(request, "desk/home.html", page=home_page(request.user, request.GET, at=now()))


@for_the_desk()
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article as readers will see it, whatever its state, and whole whatever its rights."""
    found = get_object_or_404(Article.objects.select_related("current_revision"), slug=slug)
    page = annotated_article(
        found,
        found.current_revision,
        layers=chosen_layers(request.GET.getlist("layer")),
        rating=request.GET.get("rating", ""),
        in_full=True,
        claim_url=claim_url,
    )
    template = "reader/_annotated_text.html" if request.htmx else "reader/article.html"
    exchanges = outgoing() if request.user.has_perm("newsroom.view_article") else []
    return desk_page(request, template, page=page, preview=True, exchanges=exchanges)


@for_the_desk("view_claimrelation")
@require_safe
def article_map(request: HttpRequest, slug: str) -> HttpResponse:
    """How the claims of an article are related, whatever its state; each leads to its relations."""
    found = get_object_or_404(Article.objects.select_related("current_revision"), slug=slug)
    page = claim_map(found, at=now(), claim_url=relations_url)
    return desk_page(request, "reader/map.html", page=page, preview=True)
