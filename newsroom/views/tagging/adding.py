"""New tags: the form, what it begins with, and the deed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from newsroom.actions import annotations
from newsroom.actions.annotations import Place
from newsroom.actions.refusals import Outdated
from newsroom.models import Annotation, Article
from newsroom.presenters import tag_form
from newsroom.presenters.finding import found_entities
from newsroom.views.access import for_the_desk

from .answers import as_typed, done, form_page, outdated, words_page
from .asked import FORMS, article_at, article_to_tag, revision_of
from .known import claim_of, entities_of, said_of


@for_the_desk("add_annotation")
@require_http_methods(["GET", "HEAD", "POST"])
def tag(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The form of a new tag for words of the text, and the tag."""
    if request.method == "POST":
        return _tagged(request, article_to_tag(slug), kind)
    article = article_at(slug)
    initial = {name: request.GET[name] for name in ("start", "end", "words", "place") if name in request.GET}
    where = FORMS[kind](
        {"based_on": article.current_revision.number, **initial}, revision=article.current_revision
    )
    where.is_valid()
    found = where.cleaned_data.get("where")
    if found is None:
        # Only what concerns the place is wrong yet: the rest has not been filled in.
        return words_page(request, article, kind, where)
    start = _beginning(article, kind, found)
    start["based_on"] = article.current_revision.number
    start |= {"q": request.GET["q"]} if "q" in request.GET else {}
    return form_page(request, article, kind, FORMS[kind](initial=start, revision=article.current_revision))


def _beginning(article: Article, kind: str, place: Place) -> dict[str, Any]:
    """What the form of a new tag starts with."""
    words = {"start": place.start, "end": place.end, "words": place.exact}
    match kind:
        case "claim":
            return words | {"q": place.exact, "text": place.exact.replace("\n", " ")}
        case "mention":
            found = [one.code for one in found_entities(place.exact) if one.exact]
            return words | {
                "q": place.exact,
                "name": "" if found else place.exact,
                "entity": found if len(found) == 1 else [],
            }
        case _:
            guessed = tag_form.guess(article, place.start, place.end)
            return words | {"guessed": bool(guessed)} | guessed


def _tagged(request: HttpRequest, article: Article, kind: str) -> HttpResponse:
    form = FORMS[kind](request.POST, revision=revision_of(article, request.POST.get("based_on", "")))
    if "find" in request.POST:
        return form_page(request, article, kind, as_typed(form))
    if not form.is_valid():
        return form_page(request, article, kind, form, status=422)
    try:
        with transaction.atomic():
            made = _make(request, article, kind, form.cleaned_data)
    except Outdated as refusal:
        return outdated(request, article, kind, form, refusal)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return form_page(request, article, kind, form, status=422)
    words = ngettext("Tagged: “%(words)s”.", "Tagged in %(number)d places: “%(words)s”.", len(made))
    said = words % {"number": len(made), "words": form.cleaned_data["where"].exact[:60]}
    places = [*form.cleaned_data["places"], *form.cleaned_data.get("also", ())]
    return done(request, article, made, said, now=[(place.start, place.end) for place in places])


def _make(request: HttpRequest, article: Article, kind: str, data: dict[str, Any]) -> list[Annotation]:
    """What is new is added, then tagged: one transaction, several records."""
    who = {"by": request.user, "at": now()}
    here = who | {"based_on": data["based_on"]}
    match kind:
        case "claim":
            claim = claim_of(article, data, who)
            return [annotations.tag_claim(article, claim=claim, places=data["places"], **here).annotation]
        case "mention":
            named = entities_of(article, data, who)
            first = annotations.tag_mention(
                article, entities=named, places=data["places"], form=data["form"], **here
            )
            if not data["also"]:
                return [first]
            return [
                first,
                *annotations.tag_mentions(
                    article, entities=named, places=data["also"], form=data["form"], **here
                ),
            ]
        case _:
            said = annotations.tag_attribution(
                article, places=data["places"], **said_of(article, data, who), **here
            )
            return [said.annotation]
