"""Articles are taken out: a format is picked, what it would look like and lose is shown, then it comes.

To look is a plain address, so that another page can lead to it; to take is posted, since it leaves a record.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import translation
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from newsroom.actions import exports
from newsroom.actions.refusals import Refused
from newsroom.formats.annotated import Loss, Losses
from newsroom.formats.archives import ARTICLES, REPORT, packed
from newsroom.formats.exchanges import Exchange, outgoing
from newsroom.forms.exchanging import ExportForm
from newsroom.models import Article
from newsroom.models.article import shown_in_full
from newsroom.presenters.exporting import annotated_texts
from newsroom.text.annotated import AnnotatedText

from .access import desk_page, for_the_desk

#: Articles over which losses are counted before anything leaves; files of the first article that are shown,
#: and characters of each.
LOOKED_AT, FILES_SHOWN, SHOWN = 20, 2, 3000


@dataclass(frozen=True, slots=True)
class Sample:
    """A file of the first article, or its beginning."""

    name: str
    text: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Preview:
    total: int
    #: How many of them losses were counted over, and tags in these.
    looked_at: int
    tags: int
    #: How many leave as tagged words in their sentences.
    in_part: int
    losses: Sequence[Loss]
    headline: str
    samples: Sequence[Sample]


@for_the_desk("view_article")
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """What is asked for stands in the address, also of what is posted."""
    at = now()
    if request.method != "POST" and "format" not in request.GET:
        form = ExportForm(initial={"article": request.GET.getlist("article")}, by=request.user)
        return desk_page(request, "desk/export.html", form=form, formats=outgoing())
    form = ExportForm(request.GET, by=request.user)
    if not form.is_valid():
        return desk_page(request, "desk/export.html", status=422, form=form, formats=outgoing())
    exchange, articles, seen_by_desk = form.exchange, form.articles(at=at), form.for_the_desk
    if request.method == "POST":
        try:
            exports.take_out(
                articles, as_what=exchange.key, for_the_desk=seen_by_desk, by=request.user, at=at
            )
        except Refused as refusal:
            form.add_error(None, refusal.messages)
            return desk_page(request, "desk/export.html", status=422, form=form, formats=outgoing())
        return _download(exchange, articles, for_the_desk=seen_by_desk, at=at)
    foreseen = _preview(exchange, articles, for_the_desk=seen_by_desk, at=at)
    context = {"form": form, "exchange": exchange, "foreseen": foreseen, "formats": outgoing()}
    return desk_page(request, "desk/export.html", looked=True, **context)


# Before it leaves


def _preview(
    exchange: Exchange, articles: QuerySet[Article], *, for_the_desk: bool, at: datetime
) -> Preview | None:
    """None if nothing would leave."""
    total = articles.count()
    some = Article.objects.filter(pk__in=list(articles.values_list("pk", flat=True)[:LOOKED_AT])).order_by(
        "pk"
    )
    texts = list(annotated_texts(some, at=at, demo=settings.DEMO, for_the_desk=for_the_desk))
    if not texts:
        return None
    losses = Losses()
    assert exchange.write is not None  # one of the choices
    for _piece in exchange.write(texts, losses):
        pass
    whole = shown_in_full(demo=settings.DEMO)
    return Preview(
        total=total,
        looked_at=len(texts),
        tags=sum(len(text.tags) for text in texts),
        in_part=0 if for_the_desk else articles.exclude(rights__in=whole).count(),
        losses=losses.told(),
        headline=texts[0].known.get("headline", ""),
        samples=list(_samples(exchange, texts[0])),
    )


def _samples(exchange: Exchange, text: AnnotatedText) -> Iterator[Sample]:
    assert exchange.write is not None
    body = b"".join(exchange.write([text], Losses()))
    if exchange.ending != ".zip":
        yield _sample(f"{ARTICLES}{exchange.ending}", body)
        return
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        for name in files.namelist()[:FILES_SHOWN]:
            yield _sample(name, files.read(name))


def _sample(name: str, body: bytes) -> Sample:
    text = body.decode(errors="replace")
    return Sample(name, text[:SHOWN], len(text) > SHOWN)


# While it leaves


def _download(
    exchange: Exchange, articles: QuerySet[Article], *, for_the_desk: bool, at: datetime
) -> StreamingHttpResponse:
    """A zip of the file and of the report on what it has no place for, made while it is sent."""
    day = localdate(at).isoformat()
    files = _files(exchange, articles, for_the_desk=for_the_desk, at=at, language=get_language())
    return StreamingHttpResponse(
        packed(files),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{exchange.key}-{day}.zip"'},
    )


def _files(
    exchange: Exchange, articles: QuerySet[Article], *, for_the_desk: bool, at: datetime, language: str
) -> Iterator[tuple[str, Iterable[bytes]]]:
    losses, number = Losses(), 0

    def counted() -> Iterator[AnnotatedText]:
        nonlocal number
        for text in annotated_texts(articles, at=at, demo=settings.DEMO, for_the_desk=for_the_desk):
            number += 1
            yield text

    assert exchange.write is not None  # one of the choices
    yield f"{ARTICLES}{exchange.ending}", exchange.write(counted(), losses)
    with translation.override(language):
        said = "\n".join(_report(exchange, losses, number=number, for_the_desk=for_the_desk, at=at))
    yield REPORT, [said.encode(), b"\n"]


def _report(
    exchange: Exchange, losses: Losses, *, number: int, for_the_desk: bool, at: datetime
) -> Iterator[str]:
    yield _("Articles taken out as %(format)s on %(day)s: %(number)s.") % {
        "format": exchange.label,
        "day": localdate(at).isoformat(),
        "number": number,
    }
    yield (
        _("As the desk sees them, drafts included: not for readers.")
        if for_the_desk
        else _("As readers see them.")
    )
    yield ""
    if not losses:
        yield _("Nothing was lost.")
        return
    yield _("What the format has no place for:")
    for loss in losses.told():
        yield f"- {loss.words}: {loss.times}" + (f" ({loss.example})" if loss.example else "")
