"""Articles with tags are brought in: a file is uploaded, read, looked at, and stored once somebody says so.

One address for each file, from its upload to its report: it shows what there is to see by its state, and
what is posted there says by its button what is to be done.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localtime, now
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from newsroom.actions import imports as deeds
from newsroom.actions.refusals import Refused
from newsroom.formats.annotated import LOSSES, Loss
from newsroom.formats.exchanges import NOTES, known, readable
from newsroom.forms import TOO_LARGE
from newsroom.forms.exchanging import HowReadForm, ImportForm
from newsroom.models import Article, Import
from newsroom.tasks.imports import read_import, store_import
from newsroom.tasks.interrupted import at_once

from .access import desk_page, for_the_desk
from .intake import not_too_large

logger = logging.getLogger(__name__)

ON_A_PAGE, ARTICLES_ON_A_PAGE = 20, 50
#: Articles that a preview of notes names.
NAMED = 30
#: Bytes that are read, and texts that are stored, while the answer is waited for, though there be a worker.
SMALL, FEW = 200_000, 20

READING = {Import.State.WAITING, Import.State.STORING}


@for_the_desk("add_import")
@require_http_methods(["GET", "HEAD", "POST"])
@not_too_large
def imports(request: HttpRequest) -> HttpResponse:
    """What was brought in, and a form to bring more."""
    form, status = ImportForm(), 200
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            row = deeds.receive(
                body=form.body,
                file_name=form.cleaned_data["file"].name,
                exchange=form.cleaned_data["exchange"],
                rights=form.cleaned_data["rights"],
                by=request.user,
                at=now(),
            )
            return _read(request, row)
        status = 413 if form.has_error("file", TOO_LARGE) else 422
    rows = Import.objects.select_related("by").defer("found", "losses", "report")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page", "1"))
    return desk_page(request, "desk/imports.html", status=status, form=form, page=page, formats=readable())


@for_the_desk("add_import")
@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: HttpRequest, code: str) -> HttpResponse:
    row = _found(code)
    if request.method == "POST":
        return _done(request, row)
    if request.htmx and row.state not in READING:
        return HttpResponseClientRefresh()
    return _page(request, row)


@for_the_desk("add_import")
@require_safe
def import_file(request: HttpRequest, code: str) -> FileResponse:
    """The file as it came, to be saved and never to be shown."""
    row = get_object_or_404(Import.objects.exclude(file="").with_code(code))
    name = row.file_name or row.code
    return FileResponse(
        row.file.open(), as_attachment=True, filename=name, content_type="application/octet-stream"
    )


@for_the_desk("add_import")
@require_safe
def import_report(request: HttpRequest, code: str) -> HttpResponse:
    """The report as plain text, to be kept."""
    row = _found(code)
    return HttpResponse(
        "\n".join(_report(row)) + "\n",
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="import-{row.code}.txt"'},
    )


def _found(code: str) -> Import:
    return get_object_or_404(Import.objects.select_related("by", "stored_by").with_code(code))


# What is posted


def _done(request: HttpRequest, row: Import) -> HttpResponse:
    """The button says what: to store, to go on, to read it again, to let it go."""
    at = now()
    try:
        if "store" in request.POST:
            row = deeds.confirm(row, by=request.user, at=at)
            return _store(row)
        if "again" in request.POST:
            form = HowReadForm(request.POST)
            if not form.is_valid():
                return _page(request, row, status=422, form=form)
            row = deeds.read_again(row, by=request.user, at=at, **form.cleaned_data)
            return _read(request, row)
        if "go-on" in request.POST and row.is_silent(at=at):
            return _store(row) if row.state == Import.State.STORING else _read(request, row)
        if "drop" in request.POST:
            deeds.clear(row, by=request.user, at=at)
            messages.success(request, _("The file is gone."))
            return redirect("desk:imports")
    except Refused as refusal:
        for message in refusal.messages:
            messages.error(request, message)
        return _page(request, _found(row.code), status=409)
    return redirect("desk:import", row.code)


def _read(request: HttpRequest, row: Import) -> HttpResponse:
    """A small file is read while one waits. Where it cannot be read, that is the answer."""
    _run(read_import, row, is_small=row.size <= SMALL)
    row = _found(row.code)
    if row.state == Import.State.FAILED:
        return _page(request, row, status=422)
    return redirect("desk:import", row.code)


def _store(row: Import) -> HttpResponse:
    _run(store_import, row, is_small=row.total - row.done <= FEW)
    return redirect("desk:import", row.code)


def _run(task: Any, row: Import, *, is_small: bool) -> None:
    """A fault that comes to light is in the log, and in the row: the page says so."""
    if not is_small:
        task.enqueue(str(row.uuid), language=get_language())
        return
    try:
        at_once(task)(str(row.uuid), language=get_language())
    except Exception:
        logger.exception("An import was stopped by a fault: %s", row.uuid)


# What is shown


@dataclass(frozen=True, slots=True)
class Shown:
    """A file that was brought in, with what its state has to say."""

    row: Import
    format: str
    hint: str
    are_notes: bool
    late: bool
    numbers: list[str]
    tags: list[str]
    names: list[str]
    new_names: list[tuple[str, str]]
    losses: list[Loss]
    not_kept: list[str]
    first_made: list[dict[str, str]]
    here: list[Article]
    came: Page | None


def _page(
    request: HttpRequest, row: Import, *, status: int = 200, form: BaseForm | None = None
) -> HttpResponse:
    if request.htmx and row.state in READING:
        return desk_page(request, "desk/_import_waits.html", shown=_shown(request, row))
    form = form or HowReadForm(initial={"exchange": row.exchange, "rights": row.rights})
    context = {"shown": _shown(request, row), "form": form, "formats": readable()}
    return desk_page(request, "desk/import.html", status=status, **context)


def _shown(request: HttpRequest, row: Import) -> Shown:
    found: dict[str, Any] = row.found
    is_over = bool(row.done)
    told = row.report if is_over else found
    exchange = known(row.exchange)
    return Shown(
        row=row,
        format=str(exchange.label) if exchange else row.exchange,
        hint=str(exchange.hint) if exchange else "",
        are_notes=row.exchange in NOTES,
        late=row.is_silent(at=now()),
        numbers=list(_numbers(row, told, is_over=is_over)),
        tags=list(_of_kinds(found.get("tags", {}), _tags)),
        names=list(_names(told, found)),
        new_names=[(_kind(kind), name) for kind, name in found.get("new_names", [])],
        losses=_losses(row),
        not_kept=list(_not_kept(told)),
        first_made=[{"headline": headline, "lang": lang} for headline, lang in found.get("first_made", [])],
        here=_articles(found.get("first_here", found.get("beside", [])[:NAMED])),
        came=_came(request, row) if is_over else None,
    )


def _losses(row: Import) -> list[Loss]:
    return [Loss(name, str(LOSSES.get(name, name)), times, example) for name, times, example in row.losses]


def _numbers(row: Import, told: dict[str, Any], *, is_over: bool) -> Iterator[str]:
    """How many articles came, or would, and how many annotations."""
    if row.exchange in NOTES:
        yield from _numbers_of_notes(row.done if is_over else row.total, told)
        return

    def number(name: str) -> int:
        return len(told.get(name, [])) if is_over else told.get(name, 0)

    if new := number("made"):
        yield ngettext("%(number)s new article", "%(number)s new articles", new) % {"number": new}
    if tagged := number("tagged"):
        words = ngettext(
            "%(number)s article that is here gets tags", "%(number)s articles that are here get tags", tagged
        )
        yield words % {"number": tagged}
    if same := number("unchanged"):
        words = ngettext(
            "%(number)s article that is here with all its tags",
            "%(number)s articles that are here with all their tags",
            same,
        )
        yield words % {"number": same}
    tags = told.get("annotations", 0)
    yield ngettext("%(number)s new annotation", "%(number)s new annotations", tags) % {"number": tags}


def _numbers_of_notes(articles: int, told: dict[str, Any]) -> Iterator[str]:
    words = ngettext("on %(number)s article that is here", "on %(number)s articles that are here", articles)
    yield words % {"number": articles}
    suggested = told.get("annotations", 0)
    words = ngettext("%(number)s new suggestion", "%(number)s new suggestions", suggested)
    yield words % {"number": suggested}
    comments = told.get("comments", 0)
    words = ngettext("%(number)s new comment of the desk", "%(number)s new comments of the desk", comments)
    yield words % {"number": comments}
    if same := told.get("same", 0):
        words = ngettext("%(number)s note that is here", "%(number)s notes that are here", same)
        yield words % {"number": same}


def _tags(kind: str, number: int) -> str:
    words = {
        "claim": ngettext("%(number)s claim", "%(number)s claims", number),
        "mention": ngettext("%(number)s name", "%(number)s names", number),
        "attribution": ngettext("%(number)s attribution", "%(number)s attributions", number),
    }
    return words.get(kind, kind) % {"number": number}


def _left(what: str, number: int) -> str:
    words = {
        "ratings": _("Ratings, which come from reviews here: %(number)s"),
        "attributions": _("Attributions without the words that somebody said: %(number)s"),
        "links": _("Relations that cannot be made: %(number)s"),
        "differing": _("Articles that are here with another text, and stay as they are: %(number)s"),
        "lost": _("Notes on words that are not in the text, or not in one place for certain: %(number)s"),
        "answers": _("Answers to a note that did not come: %(number)s"),
        "cut": _("Notes that are too long, of which the end is cut: %(number)s"),
        "resolved": _("Answers in threads that are resolved here: %(number)s"),
        "gone": _("Articles that went while their notes were stored: %(number)s"),
    }
    return words.get(what, f"{what}: %(number)s") % {"number": number}


def _not_kept(told: dict[str, Any]) -> Iterator[str]:
    """How often what is not kept, with the first of each where that is known."""
    examples = told.get("examples", {})
    for what, number in told.get("left", {}).items():
        if number:
            example = f" ({examples[what]})" if examples.get(what) else ""
            yield _left(what, number) + example


def _kind(kind: str) -> str:
    return {"claim": _("claim"), "entity": _("name or topic"), "source": _("source")}.get(kind, kind)


def _of_kinds(counts: dict[str, int], words: Any) -> Iterator[str]:
    for kind, number in counts.items():
        if number:
            yield words(kind, number)


def _names(told: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    """Claims, names and sources: how many are new, and how many are known."""
    new, known = told.get("named", {}), found.get("known", {})
    for kind, words in (
        ("claim", _("claims: %(new)s new, %(known)s known")),
        ("entity", _("names and topics: %(new)s new, %(known)s known")),
        ("source", _("sources: %(new)s new, %(known)s known")),
    ):
        if new.get(kind) or known.get(kind):
            yield words % {"new": new.get(kind, 0), "known": known.get(kind, 0)}


def _articles(uuids: list[str]) -> list[Article]:
    """In the order of the file."""
    rows = {
        str(row.uuid): row
        for row in Article.objects.filter(uuid__in=uuids).only("uuid", "slug", "lang", "headline")
    }
    return [rows[uuid] for uuid in uuids if uuid in rows]


def _came(request: HttpRequest, row: Import) -> Page:
    """The articles that were made or got tags, page by page."""
    page = Paginator(_uuids(row), ARTICLES_ON_A_PAGE).get_page(request.GET.get("page", "1"))
    page.object_list = _articles(list(page.object_list))
    return page


def _uuids(row: Import) -> list[str]:
    return [uuid for name in ("made", "tagged", "noted") for uuid in row.report.get(name, [])]


def _report(row: Import) -> Iterator[str]:
    is_over = bool(row.done)
    told = row.report if is_over else row.found
    exchange = known(row.exchange)
    yield _("%(file)s, read as %(format)s") % {
        "file": row,
        "format": exchange.label if exchange else row.exchange or "–",
    }
    yield _("Brought in by %(who)s on %(when)s.") % {
        "who": row.by,
        "when": localtime(row.at).strftime("%Y-%m-%d %H:%M"),
    }
    yield f"SHA-256: {row.sha256}"
    yield str(row.get_state_display())
    if row.message:
        yield row.message
    yield ""
    for words in (*_numbers(row, told, is_over=is_over), *_names(told, row.found)):
        yield f"- {words}"
    lost = [
        f"- {loss.words}: {loss.times}" + (f" ({loss.example})" if loss.example else "")
        for loss in _losses(row)
    ]
    lost += [f"- {words}" for words in _not_kept(told)]
    yield ""
    yield _("What has no place here:") if lost else _("Nothing was lost.")
    yield from lost
    if is_over:
        yield ""
        for article in _articles(_uuids(row)):
            yield f"{article.headline} ({article.slug})"
