"""The text of an article at the desk: changed with open eyes, compared, and returned to what it was."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.actions import articles, carrying
from newsroom.actions.refusals import Outdated
from newsroom.forms import RevertForm, TextForm
from newsroom.models import Annotation, Article, Revision
from newsroom.presenters.history import changes_address, changes_page, revisions_page
from newsroom.presenters.revising import Proposal, proposal
from newsroom.text.changes import word_diff

from .access import desk_page, for_the_desk


@for_the_desk("revise_article")
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, slug: str) -> HttpResponse:
    """First the changed text is looked at, with what becomes of the annotations; then it is saved."""
    article = get_object_or_404(Article.objects.select_related("current_revision__by"), slug=slug)
    form = TextForm(request.POST or None)
    form.begin(article)
    if request.method != "POST":
        return _text_page(request, article, form)
    valid = form.is_valid()
    if "save" not in request.POST:
        return _looked_at(request, article, form)
    if not valid:
        return _text_page(request, article, form, status=422)
    try:
        revision = articles.revise(
            article,
            html=form.cleaned_data["body"],
            kind=form.cleaned_data["kind"],
            note=form.cleaned_data["note"],
            based_on=form.cleaned_data["based_on"],
            by=request.user,
            at=now(),
        )
    except Outdated as refusal:
        return _both_texts(request, article, form, refusal)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _text_page(request, article, form, status=422)
    return _saved(request, article, revision)


def _looked_at(request: HttpRequest, article: Article, form: TextForm) -> HttpResponse:
    """The form again, with the kind that the change looks like already chosen."""
    if "body" in form.errors:
        return _text_page(request, article, form, status=422)
    if not form.text_changed:
        messages.info(request, _("The text is the same as before."))
        return _text_page(request, article, form)
    found = _proposal(article, form)
    chosen = request.POST.get("kind") or found.kind
    again = TextForm(initial={**form.data.dict(), "kind": chosen})
    again.base = form.base
    return _text_page(request, article, again, found=found)


def _both_texts(request: HttpRequest, article: Article, form: TextForm, refusal: Outdated) -> HttpResponse:
    theirs = refusal.revision
    again = TextForm(initial={**form.data.dict(), "based_on": theirs.number})
    again.base = theirs
    pieces = word_diff(theirs.text, form.new_text.text)
    return _text_page(
        request, article, again, status=409, conflict={"revision": theirs, "pieces": pieces}, refusal=refusal
    )


def _proposal(article: Article, form: TextForm) -> Proposal:
    words = form.new_text.text
    return proposal(form.base, words, carrying.foresee(article, article.current_revision, words))


def _text_page(
    request: HttpRequest,
    article: Article,
    form: TextForm,
    *,
    status: int = 200,
    found: Proposal | None = None,
    **context: object,
) -> HttpResponse:
    if found is None and form.is_bound and "body" in form.cleaned_data and form.text_changed:
        found = _proposal(article, form)
    return desk_page(
        request, "desk/text.html", status=status, article=article, form=form, proposal=found, **context
    )


def _saved(request: HttpRequest, article: Article, revision: Revision) -> HttpResponse:
    """To what the change left to do, if anything."""
    messages.success(request, _("Version %(number)d is saved.") % {"number": revision.number})
    there = reverse("desk:revisions", args=[article.slug])
    to_check = Annotation.objects.to_check().filter(article=article).count()
    lost = Annotation.objects.lost().filter(article=article).count()
    if to_check:
        words = ngettext("%(number)d passage needs a look.", "%(number)d passages need a look.", to_check)
        messages.warning(request, words % {"number": to_check})
        there = f"{reverse('desk:checks')}?article={article.slug}"
    if lost:
        words = ngettext("%(number)d passage lost its place.", "%(number)d passages lost their place.", lost)
        messages.warning(request, words % {"number": lost})
        there = f"{reverse('desk:orphans')}?article={article.slug}"
    return HttpResponseRedirect(there)


@for_the_desk()
@require_safe
def revisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every text that the article had, drafts included."""
    article = get_object_or_404(Article.objects.select_related("current_revision"), slug=slug)
    return desk_page(request, "desk/revisions.html", page=revisions_page(article), article=article)


@for_the_desk()
@require_safe
def changes(request: HttpRequest, slug: str, before: int, after: int) -> HttpResponse:
    """What changed between two texts, drafts included."""
    article = get_object_or_404(Article.objects.select_related("current_revision"), slug=slug)
    texts = {revision.number: revision for revision in article.revisions.filter(number__in=[before, after])}
    if before >= after or len(texts) < 2:
        raise Http404
    page = changes_page(article, texts[before], texts[after], in_full=True, at=now())
    return desk_page(request, "desk/changes.html", page=page, article=article)


@for_the_desk()
@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """To what changed between two texts that a form names, in either order."""
    address = changes_address("desk:changes", slug, request.GET)
    return HttpResponseRedirect(address or reverse("desk:revisions", args=[slug]))


@for_the_desk("revise_article")
@require_http_methods(["GET", "HEAD", "POST"])
def revert(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An earlier text again, as a new version; before it is saved, what that changes."""
    article = get_object_or_404(Article.objects.select_related("current_revision__by"), slug=slug)
    to = get_object_or_404(article.revisions, number=number)
    if to.pk == article.current_revision_id:
        return redirect("desk:revisions", slug)
    found = proposal(
        article.current_revision,
        to.text,
        carrying.foresee(article, article.current_revision, to.text),
    )
    form = RevertForm(
        request.POST or None, initial={"kind": found.kind, "based_on": article.current_revision.number}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                revision = articles.revert(article, to=to, by=request.user, at=now(), **form.cleaned_data)
            except ValidationError as refusal:
                status = 409 if isinstance(refusal, Outdated) else 422
                form.add_error(None, refusal)
            else:
                return _saved(request, article, revision)
    return desk_page(
        request, "desk/revert.html", status=status, article=article, to=to, form=form, proposal=found
    )
