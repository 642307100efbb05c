"""What everyone may read. No page reads a session, sets a cookie or carries a token: all can be shared."""

from __future__ import annotations

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from newsroom.formats import citation, dossier, schema_org
from newsroom.models import (
    Article,
    ArticleAddress,
    Claim,
    Entity,
    Imprint,
    Newsroom,
    Review,
    Revision,
    Source,
)
from newsroom.presenters.annotated_article import annotated_article, chosen_layers
from newsroom.presenters.claim import ClaimPage, claim_page
from newsroom.presenters.claim_map import claim_map
from newsroom.presenters.entity import entity_page
from newsroom.presenters.feeds import feed_url
from newsroom.presenters.following import ways_to_follow
from newsroom.presenters.front import front_page
from newsroom.presenters.history import (
    ceased_at,
    changes_address,
    changes_page,
    history_page,
    public_revisions,
)
from newsroom.presenters.how_checked import how_checked
from newsroom.presenters.method import method_page
from newsroom.presenters.review import review_page
from newsroom.presenters.source import source_page

from .citing import citation_of, cited_in_words
from .embedding import discovered, offered
from .pages import code_of, site_address
from .pages import public_page as _page
from .sharing import of_article, of_claim, of_everything, of_review, shared
from .web_annotations.speaking import SERVICE as ANNOTATION_SERVICE


@require_safe
@shared(of_everything)
def front(request: HttpRequest) -> HttpResponse:
    feeds = {name: feed_url(name) for name in ("articles", "reviews", "corrections")}
    return _page(request, "reader/front.html", page=front_page(at=now()), feeds=feeds)


@require_safe
@vary_on_headers("HX-Request")
@shared(of_article)
def article(request: HttpRequest, slug: str) -> HttpResponse:
    return article_page(request, slug)


def article_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The page made anew, for whoever makes something else of it."""
    found = _published(slug)
    if found is None:
        return _article_elsewhere(request, slug)
    page = annotated_article(
        found,
        found.current_revision,
        layers=chosen_layers(request.GET.getlist("layer")),
        rating=request.GET.get("rating", ""),
        in_full=found.shows_in_full(demo=settings.DEMO),
    )
    if request.htmx:
        return _page(request, "reader/_annotated_text.html", page=page)
    newsroom = Newsroom.objects.with_policies().current()
    data = schema_org.news_article(
        found,
        newsroom=newsroom,
        corrections=[line.correction for line in page.corrections],
        rectifications=[row for row in page.rectifications if row.withdrawn_at is None],
        cited=page.cited,
        named=[(line.entity, line.same_as) for line in page.named],
    )
    answer = _page(
        request,
        "reader/article.html",
        page=page,
        newsroom=newsroom,
        json_ld=schema_org.script(data),
        unlisted=page.names_delisted,
        follow=ways_to_follow(found),
        discovered=discovered(found.get_absolute_url(), newsroom, request),
    )
    # Where programs find its annotations, and send theirs.
    service = reverse("data:article-annotations", args=[found.slug])
    answer.headers["Link"] = f'<{service}>; rel="{ANNOTATION_SERVICE}"'
    return answer


def _article_elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """From a slug that an article had before to the same page of it; a withdrawn one is 410 and says why."""
    gone = Article.objects.withdrawn().filter(slug=slug).first()
    if gone is not None:
        return _page(request, "reader/withdrawn.html", page=gone, status=410)
    moved = get_object_or_404(ArticleAddress.objects.select_related("article"), slug=slug).article
    if moved.published_at is None or moved.published_at > now():
        raise Http404
    page = request.resolver_match
    return HttpResponsePermanentRedirect(reverse(page.view_name, kwargs=page.kwargs | {"slug": moved.slug}))


@require_safe
@shared(of_article)
def article_map(request: HttpRequest, slug: str) -> HttpResponse:
    """How the claims of an article are related: a picture, and the same as a list."""
    found = _published(slug)
    if found is None:
        return _article_elsewhere(request, slug)
    return _page(request, "reader/map.html", page=claim_map(found, at=now()))


@require_safe
@shared(of_article)
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every text that readers could see."""
    found = _published(slug)
    if found is None:
        return _article_elsewhere(request, slug)
    unlisted = Entity.objects.delisted_in(found).exists()
    return _page(request, "reader/history.html", page=history_page(found), unlisted=unlisted)


@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """To what changed between two texts that a form names, in either order."""
    address = changes_address("reader:changes", slug, request.GET)
    return HttpResponseRedirect(address or reverse("reader:history", args=[slug]))


@require_safe
@shared(of_article)
def changes(request: HttpRequest, slug: str, before: int, after: int) -> HttpResponse:
    """What changed between two public texts, word by word, and the claims that it touched."""
    found = _published(slug)
    if found is None:
        return _article_elsewhere(request, slug)
    texts = _public_texts(found, before, after)
    if before >= after or len(texts) < 2:
        raise Http404
    in_full = found.shows_in_full(demo=settings.DEMO)
    page = changes_page(found, texts[before], texts[after], in_full=in_full, at=now())
    unlisted = Entity.objects.delisted_in(found).exists()
    return _page(request, "reader/changes.html", page=page, unlisted=unlisted)


@require_safe
@vary_on_headers("HX-Request")
@shared(of_article)
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An article as it read then, with its annotations and ratings as they stood."""
    found = _published(slug)
    if found is None:
        return _article_elsewhere(request, slug)
    then = _public_texts(found, number).get(number)
    if then is None:
        raise Http404
    if then.pk == found.current_revision_id:
        return HttpResponseRedirect(found.get_absolute_url())
    page = annotated_article(
        found,
        then,
        layers=chosen_layers(request.GET.getlist("layer")),
        rating=request.GET.get("rating", ""),
        in_full=found.shows_in_full(demo=settings.DEMO),
        as_of=ceased_at(then),
    )
    if request.htmx:
        return _page(request, "reader/_annotated_text.html", page=page)
    return _page(request, "reader/article.html", page=page, earlier=then)


def _published(slug: str) -> Article | None:
    return Article.objects.published(at=now()).filter(slug=slug).select_related("current_revision").first()


def _public_texts(article: Article, *numbers: int) -> dict[int, Revision]:
    """The whole revisions with these numbers, by number: those that readers could see."""
    public = {revision.pk for revision in public_revisions(article)}
    found = Revision.objects.filter(pk__in=public, number__in=numbers)
    return {revision.number: revision for revision in found}


@require_safe
@shared(of_claim)
def claim(request: HttpRequest, address: str) -> HttpResponse:
    at = now()
    shown = Claim.objects.shown(at=at).with_code(code_of(address)).select_related("claimant")
    found = get_object_or_404(shown)
    if found.withdrawn_at:
        return _page(request, "reader/withdrawn.html", page=found, status=410)
    if request.path != found.get_absolute_url():
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    page = claim_page(found, at=at, number=request.GET.get("page", "1"))
    newsroom = Newsroom.objects.current()
    return _page(
        request,
        "reader/claim.html",
        page=page,
        how=how_checked(page.current.review) if page.current else None,
        newsroom=newsroom,
        citation=cited_in_words(page, newsroom, request),
        address=site_address(newsroom, request) + page.url,
        follow=ways_to_follow(found),
        discovered=discovered(page.url, newsroom, request),
        embeds=offered(page, newsroom, request),
        json_ld=schema_org.script(_claim_data(page, newsroom)),
    )


def _claim_data(page: ClaimPage, newsroom: Newsroom) -> schema_org.Json:
    """The claim for machines, with its review if that may leave.

    Never under the demo setting: a judgement that is made up is not published to machines.
    """
    told = {
        "appearances": [line.url for line in page.appearances],
        "first": "" if page.pages.has_next() or not page.appearances else page.appearances[-1].url,
        "wordings": page.wordings,
        "newsroom": newsroom,
    }
    review = None
    if page.current is not None and not settings.DEMO:
        review = schema_org.claim_review(
            page.current.review, label=page.badge.label, levels=page.levels, replies=page.replies, **told
        )
    return review or schema_org.claim(page.claim, **told)


@require_safe
@shared(of_claim)
def claim_card(request: HttpRequest, address: str) -> HttpResponse:
    at = now()
    found = get_object_or_404(
        Claim.objects.public(at=at).with_code(code_of(address)).select_related("claimant")
    )
    return render(request, "reader/_claim_card.html", {"page": claim_page(found, at=at)})


@require_safe
@shared(of_review)
def review(request: HttpRequest, code: str) -> HttpResponse:
    """What a review said, for as long as its claim is public: also when another took its place."""
    at = now()
    reviews = Review.objects.met(at=at).with_code(code)
    gone = reviews.gone().first()
    if gone is not None:
        return _page(request, "reader/withdrawn.html", page=gone, status=410)
    found = get_object_or_404(
        reviews.public().select_related(
            "level__scale", "author", "approver", "revision", "claim__claimant", "supersedes"
        )
    )
    page, newsroom = review_page(found, at=at), Newsroom.objects.current()
    cited = citation.in_words(citation_of(page.view, newsroom, request))
    return _page(request, "reader/review.html", page=page, newsroom=newsroom, citation=cited)


@require_safe
@shared(of_everything)
def source(request: HttpRequest, address: str) -> HttpResponse:
    found = get_object_or_404(Source.objects.public().with_code(code_of(address)).select_related("entity"))
    if request.path != found.get_absolute_url():
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    page = source_page(found, at=now(), number=request.GET.get("page", "1"))
    return _page(request, "reader/source.html", page=page, follow=ways_to_follow(found))


@require_safe
@shared(of_everything)
def entity(request: HttpRequest, address: str) -> HttpResponse:
    found = Entity.objects.public().with_code(code_of(address)).first()
    if found is None:
        return _entity_elsewhere(address)
    if request.path != found.get_absolute_url():
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    page = entity_page(found, at=now(), number=request.GET.get("page", "1"))
    return _page(request, "reader/entity.html", page=page, follow=ways_to_follow(found))


def _entity_elsewhere(address: str) -> HttpResponse:
    """From an entity that was merged to the one that stays.

    No browser keeps the way: the merging may be undone. And the address of who has no page tells a name.
    """
    merged = get_object_or_404(
        Entity.objects.filter(merged_into__isnull=False, privacy="").with_code(code_of(address))
    )
    stays = merged.standing()
    if not stays.has_page:
        raise Http404
    answer = HttpResponsePermanentRedirect(stays.get_absolute_url())
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_safe
@shared(of_everything)
def method(request: HttpRequest) -> HttpResponse:
    key = settings.SIGNING_KEY
    signed_with = dossier.fingerprint(key.public_key()) if key else ""
    return _page(request, "reader/method.html", page=method_page(), signed_with=signed_with)


@require_safe
@shared(of_everything)
def imprint(request: HttpRequest) -> HttpResponse:
    """Who publishes, and who answers for it."""
    return _page(request, "reader/imprint.html", imprint=Imprint.objects.current())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What answers at every address where there is nothing, or nothing for this reader."""
    answer = _page(request, "404.html", status=404)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
