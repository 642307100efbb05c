"""What is answered: a form with what it offers, what a save changed, who was first.

Each form is a page of its own for a browser without JavaScript; htmx gets the form alone, and after a save
only the blocks of the text that it touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import reswap

from newsroom.actions.refusals import Outdated, Overtaken
from newsroom.forms.tagging import TagForm
from newsroom.models import Annotation, Article
from newsroom.presenters import tag_form
from newsroom.presenters.checking import places_at
from newsroom.presenters.finding import found_entities
from newsroom.presenters.suggested import Suggested, suggested
from newsroom.presenters.tagging import NOWHERE, Standing, neighbours, tag_line, tagging_page, touched
from newsroom.text.reanchoring import reanchor
from newsroom.views.access import desk_page

from .asked import CHOOSES, annotation_at, article_at, number


def done(
    request: HttpRequest,
    article: Article,
    changed: list[Annotation],
    said: str,
    before: Standing = NOWHERE,
    now: Sequence[tuple[int, int]] | None = None,
) -> HttpResponse:
    """To htmx the blocks and lines that changed; to a browser the page, at the line of the tag.

    `now` is where `changed` stand, if they were made now: on the text of `article`, which the deed has held
    to what is in the database. Else both are looked up.
    """
    if not request.htmx:
        messages.success(request, said)
        there = reverse("desk:tags", args=[article.slug])
        return HttpResponseRedirect(f"{there}#tag-{changed[0].code}" if changed else there)
    seen = number(request.headers.get("X-Revision"))
    if now is None:
        article = article_at(article.slug)
    # The text in the browser is an older one: it gets the whole of this one.
    older = bool(seen) and seen != article.current_revision.number
    # A suggestion that waits again has its place in the list.
    keys = [one.pk for one in changed]
    back = now is None and Annotation.objects.filter(pk__in=keys, state=Annotation.State.SUGGESTED).exists()
    # Without what each whole page says: it is a part.
    context = {
        "said": said,
        "article": article,
        "change": touched(article, changed, before, now),
        "page": tagging_page(article) if older else None,
        "suggested": suggestions_of(request, article) if older or back else None,
        "next_page": here(request, article),
    }
    response = render(request, "desk/_tagged.html", context)
    response["HX-Trigger-After-Settle"] = "tagging:saved"
    return response


def suggestions_of(request: HttpRequest, article: Article) -> Suggested:
    """What waits, as the address of the page that htmx asks from shows it."""
    return suggested(article, dict(parse_qsl(urlsplit(request.htmx.current_url or "").query)))


def here(request: HttpRequest, article: Article) -> str:
    """The page that is looked at, to come back to."""
    there = request.htmx.current_url_abs_path if request.htmx else ""
    return there or reverse("desk:tags", args=[article.slug])


def form_page(
    request: HttpRequest,
    article: Article,
    kind: str,
    form: TagForm,
    *,
    annotation: Annotation | None = None,
    suggestion: Annotation | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The form of a tag with what it offers: alone for htmx, on a page of its own for a browser.

    Of a tag that is there (`annotation`), of one that a program proposed (`suggestion`), or of a new one.
    """
    template = "desk/_tag_form.html" if request.htmx else "desk/tag.html"
    return desk_page(
        request,
        template,
        status=status,
        article=article,
        kind=kind,
        form=form,
        annotation=annotation,
        suggestion=suggestion,
        other_kind=suggestion is not None and suggestion.kind != kind,
        kinds=[(code, name) for code, name in Annotation.Kind.choices if code != kind],
        offer=_offer(article, kind, form, annotation or suggestion),
        places=places_at(form.places, form.revision.text, article.lang),
        q=_looked_for(form),
        chosen=_codes(form, CHOOSES[kind]),
        ticked=_codes(form, "also") if kind == "mention" else [],
        neighbours=neighbours(annotation) if annotation and kind != "attribution" else [],
        **context,
    )


def words_page(request: HttpRequest, article: Article, kind: str, form: TagForm) -> HttpResponse:
    """Which words, or which of their places: asked before anything else."""
    template = "desk/_words_form.html" if request.htmx else "desk/words.html"
    return desk_page(
        request,
        template,
        status=422 if form.data.get("words") or form.data.get("start") else 200,
        article=article,
        kind=kind,
        form=form,
        places=places_at(form.places, form.revision.text, article.lang),
    )


def _offer(article: Article, kind: str, form: TagForm, annotation: Annotation | None) -> tag_form.Offer:
    words = str(form["words"].value() or "")
    looked_for = _looked_for(form)
    start, end = number(form["start"].value()), number(form["end"].value())
    queryset = form.fields[CHOOSES[kind]].queryset
    chosen = [row for code in _codes(form, CHOOSES[kind]) if (row := queryset.all().with_code(code).first())]
    match kind:
        case "claim":
            return tag_form.claim_offer(looked_for, article.lang, chosen)
        case "mention":
            if annotation is not None:
                return tag_form.Offer(found=tuple(found_entities(looked_for, chosen=chosen)))
            return tag_form.mention_offer(article, looked_for, words, start, chosen)
        case _:
            return tag_form.attribution_offer(
                article,
                looked_for,
                (start, end) if 0 <= start < end <= len(article.current_revision.text) else None,
                chosen=chosen,
                guessed=bool(form.initial.get("guessed")),
                not_in=annotation,
            )


def _looked_for(form: TagForm) -> str:
    return str((form.data if form.is_bound else form.initial).get("q") or "")[:300]


def _codes(form: TagForm, name: str) -> list[str]:
    """The codes that a field has now, as typed or as it began."""
    value = form[name].value()
    return [str(code) for code in (value if isinstance(value, list) else [value]) if code]


def as_typed(form: TagForm) -> TagForm:
    """The same form, not judged yet: it begins with all that was typed."""
    typed = form.data.dict() | {name: form.data.getlist(name) for name in ("entity", "also")}
    return type(form)(initial=typed, revision=form.revision)


def outdated(
    request: HttpRequest,
    article: Article,
    kind: str,
    form: TagForm,
    refusal: Outdated,
    *,
    annotation: Annotation | None = None,
    suggestion: Annotation | None = None,
) -> HttpResponse:
    """The text changed under the selection: the words are looked for in the new one, to be confirmed."""
    current = article_at(article.slug)
    revision = current.current_revision
    where = form.cleaned_data["where"]
    [fate] = reanchor(form.revision.text, revision.text, [(where.start, where.end)])
    again = as_typed(form)
    again.revision = revision
    again.initial |= {"based_on": revision.number, "start": fate.start, "end": fate.end}
    if fate.start is not None:
        again.initial["words"] = revision.text[fate.start : fate.end]
    return form_page(
        request,
        current,
        kind,
        again,
        annotation=annotation,
        suggestion=suggestion,
        status=409,
        refusal=refusal,
        lost=fate.start is None,
        page=tagging_page(current) if request.htmx else None,
        suggested=suggestions_of(request, current) if request.htmx else None,
        next_page=here(request, current),
    )


def overtaken(
    request: HttpRequest, annotation: Annotation, form: TagForm, refusal: Overtaken
) -> HttpResponse:
    """Somebody else was faster: theirs and mine, side by side, to keep one of them or both."""
    now_there = annotation_at(annotation.code)
    mine = as_typed(form)
    mine.initial["row_version"] = now_there.row_version
    return form_page(
        request,
        annotation.article,
        annotation.kind,
        mine,
        annotation=now_there if now_there.is_live else None,
        status=409,
        refusal=refusal,
        theirs=tag_line(now_there),
    )


def refused(request: HttpRequest, annotation: Annotation, refusal: ValidationError) -> HttpResponse:
    status = 409 if isinstance(refusal, Overtaken) else 422
    said = " ".join(refusal.messages)
    if request.htmx:
        # The form that is open stays as it is.
        return reswap(desk_page(request, "desk/_said.html", said=said, status=status), "none")
    messages.error(request, said)
    return HttpResponseRedirect(reverse("desk:retag", args=[annotation.code]))
