"""The desk: for staff alone, never stored by a cache."""

from __future__ import annotations

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from newsroom.models import Article, Claim, Newsroom
from newsroom.presenters.annotated_article import annotated_article, chosen_layers


@require_safe
@staff_member_required
@cache_control(private=True, no_store=True)
@vary_on_headers("HX-Request", "Cookie")
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article as readers will see it, whatever its state, and whole whatever its rights."""
    found = get_object_or_404(Article.objects.select_related("current_revision"), slug=slug)
    page = annotated_article(
        found,
        found.current_revision,
        layers=chosen_layers(request.GET.getlist("layer")),
        rating=request.GET.get("rating", ""),
        in_full=True,
        claim_url=_in_the_admin,
    )
    template = "reader/_annotated_text.html" if request.htmx else "reader/article.html"
    return render(request, template, {"page": page, "newsroom": Newsroom.objects.current(), "preview": True})


def _in_the_admin(claim: Claim) -> str:
    return reverse("admin:newsroom_claim_change", args=[claim.pk])
