"""Tagging: the text, forms of tags beside it, and what a save changed on the page.

Each form is a page of its own for a browser without JavaScript; htmx gets the form alone, and after a save
only the blocks of the text that it touched.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.actions import annotations, claims, entities, sources
from newsroom.actions.annotations import Place
from newsroom.actions.refusals import Outdated, Overtaken, Refused
from newsroom.forms import AttributionTagForm, ClaimTagForm, MentionTagForm, WithdrawalForm
from newsroom.forms.tagging import TagForm
from newsroom.models import Annotation, Article, Revision
from newsroom.presenters import tag_form
from newsroom.presenters.checking import places_at
from newsroom.presenters.finding import found_claims, found_entities, found_sources
from newsroom.presenters.tagging import (
    NOWHERE,
    Standing,
    neighbours,
    sentence_lines,
    standing,
    stood,
    tag_line,
    tagging_page,
    touched,
)
from newsroom.text.reanchoring import reanchor

from .access import desk_page, for_the_desk

FORMS: dict[str, type[TagForm]] = {
    "claim": ClaimTagForm,
    "mention": MentionTagForm,
    "attribution": AttributionTagForm,
}
#: The field of each form that chooses what is known already.
CHOOSES = {"claim": "claim", "mention": "entity", "attribution": "source"}


# Pages


@for_the_desk("add_annotation")
@require_safe
def tags(request: HttpRequest, slug: str) -> HttpResponse:
    """The text with its tags, to select words in and to say what they are."""
    article = _article(slug)
    return desk_page(request, "desk/tagging.html", article=article, page=tagging_page(article))


@for_the_desk("add_annotation")
@require_safe
def sentences(request: HttpRequest, slug: str) -> HttpResponse:
    """The text sentence by sentence, with ordinary buttons: no letters, no selection."""
    article = _article(slug)
    lines = sentence_lines(tagging_page(article))
    return desk_page(request, "desk/sentences.html", article=article, sentences=lines)


@for_the_desk("add_annotation")
@require_safe
def find(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What the words `q` find, to choose from, as somebody types."""
    article, words = _article(slug), request.GET.get("q", "")[:300]
    found = {
        "claim": lambda: found_claims(words),
        "mention": lambda: found_entities(words),
        "attribution": lambda: found_sources(words, article),
    }[kind]()
    return desk_page(request, "desk/_found.html", kind=kind, found=found, words=words)


# New tags


@for_the_desk("add_annotation")
@require_http_methods(["GET", "HEAD", "POST"])
def tag(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The form of a new tag for words of the text, and the tag."""
    article = _article(slug)
    if request.method == "POST":
        return _tagged(request, article, kind)
    initial = {name: request.GET[name] for name in ("start", "end", "words", "place") if name in request.GET}
    where = FORMS[kind](
        {"based_on": article.current_revision.number, **initial}, revision=article.current_revision
    )
    where.is_valid()
    found = where.cleaned_data.get("where")
    if found is None:
        # Only what concerns the place is wrong yet: the rest has not been filled in.
        return _words_page(request, article, kind, where)
    start = _beginning(article, kind, found)
    start["based_on"] = article.current_revision.number
    start |= {"q": request.GET["q"]} if "q" in request.GET else {}
    return _form_page(request, article, kind, FORMS[kind](initial=start, revision=article.current_revision))


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
            known = [one.code for one in found_sources(guessed.get("q", ""), article) if one.exact]
            return words | {"guessed": bool(guessed), "source": known[0] if known else ""} | guessed


def _tagged(request: HttpRequest, article: Article, kind: str) -> HttpResponse:
    form = FORMS[kind](request.POST, revision=_revision_of(article, request.POST.get("based_on", "")))
    if "find" in request.POST:
        return _form_page(request, article, kind, _as_typed(form))
    if not form.is_valid():
        return _form_page(request, article, kind, form, status=422)
    try:
        with transaction.atomic():
            made = _make(request, article, kind, form.cleaned_data)
    except Outdated as refusal:
        return _outdated(request, article, kind, form, refusal)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _form_page(request, article, kind, form, status=422)
    words = ngettext("Tagged: “%(words)s”.", "Tagged in %(number)d places: “%(words)s”.", len(made))
    said = words % {"number": len(made), "words": form.cleaned_data["where"].exact[:60]}
    return _done(request, article, made, said)


def _make(request: HttpRequest, article: Article, kind: str, data: dict[str, Any]) -> list[Annotation]:
    """What is new is added, then tagged: one transaction, several records."""
    who = {"by": request.user, "at": now()}
    here = who | {"based_on": data["based_on"]}
    match kind:
        case "claim":
            claim = _claim(article, data, who)
            return [annotations.tag_claim(article, claim=claim, places=data["places"], **here).annotation]
        case "mention":
            named = _entities(article, data, who)
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
                article, places=data["places"], **_said(article, data, who), **here
            )
            return [said.annotation]


def _claim(article: Article, data: dict[str, Any], who: dict[str, Any]) -> Any:
    return data["claim"] or claims.add(text=data["text"], lang=article.lang, kind=data["claim_kind"], **who)


def _entities(article: Article, data: dict[str, Any], who: dict[str, Any]) -> list[Any]:
    named = list(data["entity"])
    if data["name"] and not named:
        named = [
            entities.add(
                name=data["name"],
                kind=data["entity_kind"],
                lang=article.lang,
                description=data["description"],
                **who,
            )
        ]
        if data["wikidata"]:
            entities.identify(named[0], scheme="wikidata", value=data["wikidata"], **who)
    if data["remember"]:
        for entity in named:
            entities.remember(entity, name=data["where"].exact, **who)
    return named


def _said(article: Article, data: dict[str, Any], who: dict[str, Any]) -> dict[str, Any]:
    source = data["source"]
    if source is None and data["name"]:
        source = sources.add(name=data["name"], kind=data["source_kind"], lang=article.lang, **who)
    return {
        "source": source,
        "anonymity_reason": "" if source else data["anonymity_reason"],
        "quote_type": data["quote_type"],
        "claim": data["claim"],
        "parent": data["parent"],
    }


# Tags that are there


@for_the_desk("change_annotation")
@require_http_methods(["GET", "HEAD", "POST"])
def retag(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a tag: other words, another claim, another name."""
    annotation = _annotation(code)
    article, kind = annotation.article, annotation.kind
    if request.method != "POST":
        initial = tag_form.state_of(annotation) | {"based_on": article.current_revision.number}
        initial["q"] = request.GET.get("q", "")
        form = FORMS[kind](initial=initial, revision=article.current_revision)
        return _form_page(request, article, kind, form, annotation=annotation)
    form = FORMS[kind](request.POST, revision=_revision_of(article, request.POST.get("based_on", "")))
    if "find" in request.POST:
        return _form_page(request, article, kind, _as_typed(form), annotation=annotation)
    if not form.is_valid():
        return _form_page(request, article, kind, form, annotation=annotation, status=422)
    before = standing([annotation])
    try:
        with transaction.atomic():
            changed = _change(request, annotation, form.cleaned_data)
    except Outdated as refusal:
        return _outdated(request, article, kind, form, refusal, annotation=annotation)
    except Overtaken as refusal:
        return _overtaken(request, annotation, form, refusal)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _form_page(request, article, kind, form, annotation=annotation, status=422)
    return _done(
        request, article, [changed], _("Changed: “%s”.") % form.cleaned_data["where"].exact[:60], before
    )


def _change(request: HttpRequest, annotation: Annotation, data: dict[str, Any]) -> Annotation:
    who = {"by": request.user, "at": now()}
    here = who | {"based_on": data["based_on"], "row_version": data["row_version"] or 0}
    article = annotation.article
    match annotation.kind:
        case Annotation.Kind.CLAIM:
            claim = _claim(article, data, who)
            return annotations.retag_claim(annotation, claim=claim, places=data["places"], **here)
        case Annotation.Kind.MENTION:
            return annotations.retag_mention(
                annotation,
                entities=_entities(article, data, who),
                form=data["form"],
                places=data["places"],
                **here,
            )
        case _:
            said = _said(article, data, who)
            return annotations.retag_attribution(annotation, places=data["places"], **said, **here)


@for_the_desk("change_annotation")
@require_http_methods(["GET", "HEAD", "POST"])
def untag(request: HttpRequest, code: str) -> HttpResponse:
    """A tag is taken back, with its reason."""
    annotation = _annotation(code)
    initial = {"reason": _("Tagged by mistake."), "row_version": annotation.row_version}
    form = WithdrawalForm(request.POST or None, initial=initial)
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            before = standing([annotation])
            try:
                annotations.withdraw(annotation, by=request.user, at=now(), **form.cleaned_data)
            except Overtaken as error:
                refusal, status = error, 409
            else:
                return _done(request, annotation.article, [annotation], _("Tag taken back."), before)
    template = "desk/_untag.html" if request.htmx else "desk/untag.html"
    return desk_page(
        request,
        template,
        status=status,
        annotation=annotation,
        article=annotation.article,
        tag=tag_line(annotation),
        form=form,
        refusal=refusal,
    )


@for_the_desk("change_annotation")
@require_POST
def split(request: HttpRequest, code: str) -> HttpResponse:
    """A tag is cut in two before the words of the form, or at its code point `where`."""
    annotation = _annotation(code)
    before = standing([annotation])
    where = _where_to_cut(annotation, request.POST)
    try:
        other = annotations.split(
            annotation,
            where=where,
            by=request.user,
            at=now(),
            row_version=_number(request.POST.get("row_version")),
            based_on=_number(request.POST.get("based_on")),
        )
    except ValidationError as refusal:
        return _refused(request, annotation, refusal)
    return _done(request, annotation.article, [annotation, other], _("Cut in two."), before)


@for_the_desk("change_annotation")
@require_POST
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Two tags of one kind become one."""
    annotation = _annotation(code)
    other = get_object_or_404(annotation.article.annotations.with_code(request.POST.get("other", "")))
    before = standing([annotation, other])
    try:
        annotations.merge(
            annotation,
            other=other,
            by=request.user,
            at=now(),
            row_version=_number(request.POST.get("row_version")),
            other_version=_number(request.POST.get("other_version")) or other.row_version,
        )
    except ValidationError as refusal:
        return _refused(request, annotation, refusal)
    return _done(request, annotation.article, [annotation, other], _("Made one."), before)


@for_the_desk("change_annotation")
@require_POST
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """The last change of tags by this person in this article is taken back."""
    article = _article(slug)
    try:
        deed = annotations.undo(article, by=request.user, at=now())
    except Refused as refusal:
        if request.htmx:
            return desk_page(request, "desk/_said.html", said=" ".join(refusal.messages), status=422)
        messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(reverse("desk:tags", args=[slug]))
    uuids = deed.before["annotations"].keys()
    found = list(Annotation.objects.filter(uuid__in=uuids).select_related("article"))
    return _done(request, article, found, _("Taken back."), stood(found, deed.before["annotations"]))


# Answers


def _done(
    request: HttpRequest,
    article: Article,
    changed: list[Annotation],
    said: str,
    before: Standing = NOWHERE,
) -> HttpResponse:
    """To htmx the blocks and lines that changed; to a browser the page, at the line of the tag."""
    if not request.htmx:
        messages.success(request, said)
        there = reverse("desk:tags", args=[article.slug])
        return HttpResponseRedirect(f"{there}#tag-{changed[0].code}" if changed else there)
    seen = _number(request.headers.get("X-Revision"))
    article = _article(article.slug)
    response = desk_page(
        request,
        "desk/_tagged.html",
        said=said,
        change=touched(article, changed, before),
        # The text in the browser is an older one: it gets the whole of this one.
        page=tagging_page(article) if seen and seen != article.current_revision.number else None,
    )
    response["HX-Trigger-After-Settle"] = "tagging:saved"
    return response


def _form_page(
    request: HttpRequest,
    article: Article,
    kind: str,
    form: TagForm,
    *,
    annotation: Annotation | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The form of a tag with what it offers: alone for htmx, on a page of its own for a browser."""
    template = "desk/_tag_form.html" if request.htmx else "desk/tag.html"
    return desk_page(
        request,
        template,
        status=status,
        article=article,
        kind=kind,
        form=form,
        annotation=annotation,
        offer=_offer(article, kind, form, annotation),
        places=places_at(form.places, form.revision.text, article.lang),
        q=_looked_for(form),
        chosen=_codes(form, CHOOSES[kind]),
        ticked=_codes(form, "also") if kind == "mention" else [],
        neighbours=neighbours(annotation) if annotation and kind != "attribution" else [],
        **context,
    )


def _words_page(request: HttpRequest, article: Article, kind: str, form: TagForm) -> HttpResponse:
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
    start, end = _number(form["start"].value()), _number(form["end"].value())
    queryset = form.fields[CHOOSES[kind]].queryset
    chosen = [row for code in _codes(form, CHOOSES[kind]) if (row := queryset.all().with_code(code).first())]
    match kind:
        case "claim":
            return tag_form.claim_offer(looked_for, chosen)
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


def _as_typed(form: TagForm) -> TagForm:
    """The same form, not judged yet: it begins with all that was typed."""
    typed = form.data.dict() | {name: form.data.getlist(name) for name in ("entity", "also")}
    return type(form)(initial=typed, revision=form.revision)


def _outdated(
    request: HttpRequest,
    article: Article,
    kind: str,
    form: TagForm,
    refusal: Outdated,
    *,
    annotation: Annotation | None = None,
) -> HttpResponse:
    """The text changed under the selection: the words are looked for in the new one, to be confirmed."""
    current = _article(article.slug)
    revision = current.current_revision
    where = form.cleaned_data["where"]
    [fate] = reanchor(form.revision.text, revision.text, [(where.start, where.end)])
    again = _as_typed(form)
    again.revision = revision
    again.initial |= {"based_on": revision.number, "start": fate.start, "end": fate.end}
    if fate.start is not None:
        again.initial["words"] = revision.text[fate.start : fate.end]
    return _form_page(
        request,
        current,
        kind,
        again,
        annotation=annotation,
        status=409,
        refusal=refusal,
        lost=fate.start is None,
        page=tagging_page(current) if request.htmx else None,
    )


def _overtaken(
    request: HttpRequest, annotation: Annotation, form: TagForm, refusal: Overtaken
) -> HttpResponse:
    """Somebody else was faster: theirs and mine, side by side, to keep one of them or both."""
    now_there = _annotation(annotation.code)
    mine = _as_typed(form)
    mine.initial["row_version"] = now_there.row_version
    return _form_page(
        request,
        annotation.article,
        annotation.kind,
        mine,
        annotation=now_there if now_there.is_live else None,
        status=409,
        refusal=refusal,
        theirs=tag_line(now_there),
    )


def _refused(request: HttpRequest, annotation: Annotation, refusal: ValidationError) -> HttpResponse:
    status = 409 if isinstance(refusal, Overtaken) else 422
    said = " ".join(refusal.messages)
    if request.htmx:
        return desk_page(request, "desk/_said.html", said=said, status=status)
    messages.error(request, said)
    return HttpResponseRedirect(reverse("desk:retag", args=[annotation.code]))


# What is read from addresses and forms


def _article(slug: str) -> Article:
    return get_object_or_404(Article.objects.select_related("current_revision__by"), slug=slug)


def _annotation(code: str) -> Annotation:
    found = Annotation.objects.select_related("article__current_revision")
    return get_object_or_404(found.with_code(code))


def _revision_of(article: Article, number: str) -> Revision:
    """The revision that was looked at; the current one if the form names none of this article."""
    if number.isdecimal() and int(number) != article.current_revision.number:
        named = article.revisions.filter(number=int(number[:9])).first()
        if named is not None:
            return named
    return article.current_revision


def _number(value: Any) -> int:
    """A number from a form; 0 for what is none."""
    text = str(value if value is not None else "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _where_to_cut(annotation: Annotation, data: Any) -> int:
    """The code point before which a tag is cut: named, or where the words stand in it."""
    words = data.get("words", "").strip()
    if words:
        for start, end in standing([annotation]).spans:
            found = annotation.article.current_revision.text.find(words, start, end)
            if found >= 0:
                return found
    return _number(data.get("where"))
