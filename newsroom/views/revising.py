"""The text of an article at the desk: changed with open eyes, compared, and returned to what it was."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.actions import articles, carrying
from newsroom.actions.refusals import Outdated, Refused
from newsroom.forms import ChangeForm, TextForm
from newsroom.models import Article, Revision
from newsroom.presenters.checking import waiting_passages
from newsroom.presenters.history import changes_address, changes_page, revisions_page
from newsroom.presenters.revising import Proposal, proposal
from newsroom.tasks.readings import read_soon
from newsroom.text.changes import passages

from .access import desk_page, for_the_desk


@for_the_desk("revise_article")
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, slug: str) -> HttpResponse:
    """First the changed text is looked at, with what becomes of the annotations; then it is saved."""
    article, at = _article(slug), now()
    form = TextForm(request.POST if request.method == "POST" else None)
    form.is_looked_at = "save" not in request.POST
    form.begin(article, at=at)
    if not form.is_bound:
        return _text_page(request, article, form)
    if not form.is_valid():
        return _text_page(request, article, form, status=422, found=_proposal(article, form, at))
    if form.base != article.current_revision:
        if not form.text_changed:
            messages.info(request, _("Somebody saved another version; you had changed nothing."))
            return redirect("desk:text", slug)
        return _both_texts(request, article, form, Outdated(article.current_revision))
    if form.is_looked_at:
        if not form.text_changed:
            messages.info(request, _("The text is the same as before."))
        return _text_page(request, article, form, found=_proposal(article, form, at))
    try:
        revision = articles.revise(
            article,
            html=form.cleaned_data["body"],
            kind=form.cleaned_data["kind"],
            note=form.cleaned_data["note"],
            based_on=form.cleaned_data["based_on"],
            by=request.user,
            at=at,
        )
    except Outdated as refusal:
        return _both_texts(request, _article(slug), form, refusal)
    except Refused as refusal:
        form.add_error(None, refusal)
        return _text_page(request, article, form, status=422, found=_proposal(article, form, at))
    return _saved(request, article, revision)


def _article(slug: str) -> Article:
    return get_object_or_404(Article.objects.select_related("current_revision__by"), slug=slug)


def _proposal(article: Article, form: TextForm, at: datetime) -> Proposal | None:
    """What the change means and looks like, chosen in the form; None of a text that did not change."""
    if not form.text_changed:
        return None
    words = form.new_text.text
    found = proposal(article, words, carrying.foresee(article, article.current_revision, words), at=at)
    form.propose(found)
    return found


def _both_texts(request: HttpRequest, article: Article, form: TextForm, refusal: Outdated) -> HttpResponse:
    """What they changed, what mine would change of it, and the form, with which I can save again."""
    what_they_changed = passages(form.base.text, refusal.revision.text)
    form.take_over(refusal.revision)
    return _text_page(
        request,
        article,
        form,
        status=409,
        found=_proposal(article, form, now()),
        refusal=refusal,
        what_they_changed=what_they_changed,
    )


def _text_page(
    request: HttpRequest,
    article: Article,
    form: TextForm,
    *,
    status: int = 200,
    found: Proposal | None = None,
    **context: object,
) -> HttpResponse:
    return desk_page(
        request, "desk/text.html", status=status, article=article, form=form, proposal=found, **context
    )


def _saved(request: HttpRequest, article: Article, revision: Revision) -> HttpResponse:
    """To what the change left to do, if anything."""
    read_soon(article)
    messages.success(request, _("Version %(number)d is saved.") % {"number": revision.number})
    there = reverse("desk:revisions", args=[article.slug])
    for waiting in waiting_passages(article):
        messages.warning(request, waiting.words)
        there = waiting.url
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
    article, at = _article(slug), now()
    to = get_object_or_404(article.revisions, number=number)
    if to.html == article.current_revision.html:
        messages.info(request, _("The text is that of version %(number)d already.") % {"number": number})
        return redirect("desk:revisions", slug)
    form = ChangeForm(request.POST if request.method == "POST" else None)
    form.begin(article, at=at)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            revision = articles.revert(
                article,
                to=to,
                kind=form.cleaned_data["kind"],
                note=form.cleaned_data["note"],
                based_on=form.cleaned_data["based_on"],
                by=request.user,
                at=at,
            )
        except Outdated as refusal:
            article, status = _article(slug), 409
            form.take_over(refusal.revision)
            form.add_error(None, refusal)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            return _saved(request, article, revision)
    found = proposal(article, to.text, carrying.foresee(article, article.current_revision, to.text), at=at)
    form.propose(found)
    return desk_page(
        request, "desk/revert.html", status=status, article=article, to=to, form=form, proposal=found
    )
