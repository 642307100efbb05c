"""Who is in an article: asked, and said, every few seconds while a page of it can be seen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from newsroom.models import Article, Presence
from newsroom.presenters.presence import presence_part

from .access import for_the_desk


@for_the_desk()
@require_POST
def presence(request: HttpRequest, slug: str) -> HttpResponse:
    """Notes that I am here and answers who else is; 204 if the page shows that already, so nothing is spoken.

    Never more than three queries. Who comes, or comes back, where others have been sweeps out what is older
    than a day.
    """
    at = now()
    present = list(Presence.objects.filter(article__slug=slug).select_related("article", "user"))
    article = present[0].article if present else get_object_or_404(Article, slug=slug)
    Presence.objects.note(request.user, article, at=at)
    if present and not any(one.user_id == request.user.pk and one.is_here(at=at) for one in present):
        Presence.objects.sweep(at=at)
    part = presence_part(present, request.user, at=at)
    if part.known == request.POST.get("known", ""):
        return HttpResponse(status=204)
    return render(request, "desk/_presence.html", {"presence": part})
