"""A file of texts with their tags is read, to be looked at; then stored, portion by portion."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any
from zipfile import BadZipFile

from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django_tasks import task

from newsroom.actions import importing, imports
from newsroom.actions.refusals import Refused
from newsroom.formats.annotated import Losses
from newsroom.formats.archives import unpacked
from newsroom.formats.exchanges import FORMATS, NOTES, Exchange, NotesExchange, guessed, known
from newsroom.formats.unreadable import Unreadable
from newsroom.models import Article, Import, User
from newsroom.presenters.noted import by_article
from newsroom.text.annotated import AnnotatedText
from newsroom.text.web_annotations import Note

from .interrupted import is_away, tried_again
from .readings import read_texts

#: Articles whose notes are stored in one transaction.
NOTED = 20
#: Articles, new ones and others, and new names that a preview tells one by one.
NAMED, NAMED_NEW = 30, 60


@task
@tried_again
def read_import(uuid: str, *, language: str) -> None:
    """Reads the file of an import that waits. It ends as read or failed, with the reason in this language."""
    row = Import.objects.filter(uuid=uuid, state=Import.State.WAITING).select_related("by").first()
    if row is None:
        return
    with translation.override(language), _told(row, by=row.by):
        with _opened(row) as (file, name):
            exchange = known(row.exchange) or guessed(file, name)
            if exchange is None:
                imports.failed(
                    row,
                    message=_("No format that is known here reads this file: choose which one it is."),
                    by=row.by,
                    at=now(),
                )
                return
            if isinstance(exchange, NotesExchange):
                _read_notes(row, exchange, file)
                return
            losses, counted = Losses(), _Counted()
            report = importing.foresee(
                counted.each(_texts(exchange, file, losses)), by=row.by, at=now(), rights=row.rights
            )
        if not counted.texts:
            imports.failed(row, message=_("There is no text in it."), by=row.by, at=now())
            return
        imports.read_done(
            row,
            exchange=exchange.key,
            total=counted.texts,
            found=_found(report, counted),
            losses=[(loss.name, loss.times, loss.example) for loss in losses.told()],
            by=row.by,
            at=now(),
        )


@task
@tried_again
def store_import(uuid: str, *, language: str) -> None:
    """Stores what is left of an import that was confirmed. Stopped at any moment, it goes on where it was."""
    waiting = Import.objects.filter(uuid=uuid, state=Import.State.STORING).select_related("stored_by")
    row = waiting.first()
    if row is None:
        return
    by = row.stored_by
    with translation.override(language), _told(row, by=by), _opened(row) as (file, _name):
        if row.exchange in NOTES:
            _store_notes(row, file)
            return
        texts = islice(_texts(FORMATS[row.exchange], file, Losses()), row.done, None)
        while some := list(islice(texts, imports.PORTION)):
            row = imports.store_portion(row, texts=some, start=row.done, by=by, at=now())
    read_texts.enqueue()


@contextmanager
def _told(row: Import, *, by: User) -> Iterator[None]:
    """What is wrong with the file stands in its row afterwards."""
    try:
        yield
    except Unreadable as reason:
        imports.failed(row, message=str(reason), by=by, at=now())
    except Refused as refusal:
        if refusal.code != "state":  # else somebody was quicker
            imports.failed(row, message=" ".join(refusal.messages), by=by, at=now())
    except (BadZipFile, zlib.error, EOFError):
        imports.failed(row, message=_("The zip is damaged, encrypted or none."), by=by, at=now())
    except PermissionDenied:
        message = _("Whoever brought it may not make what it names: an editor may.")
        imports.failed(row, message=message, by=by, at=now())
    except Exception as fault:
        if is_away(fault):
            raise  # it is not the file's: whoever called does it once more
        message = _("It could not be read, by a fault of this program: the administrator can see which.")
        imports.failed(row, message=message, by=by, at=now())
        raise


@contextmanager
def _opened(row: Import) -> Iterator[tuple[Any, str]]:
    """The file, or the one that stands in it beside a report of ours."""
    with row.file.open("rb") as file:
        yield unpacked(file, row.file_name)


def _texts(exchange: Exchange, file: Any, losses: Losses) -> Iterable[AnnotatedText]:
    if exchange.read is None:
        raise Refused(_("This format is written here and not read."), code="exchange")
    return exchange.read(file, losses)


# Notes on articles that are here: of them the articles are what is stored portion by portion.


def _read_notes(row: Import, exchange: NotesExchange, file: Any) -> None:
    losses = Losses()
    here, elsewhere = by_article(exchange.read(file, losses))
    for note in elsewhere:
        losses.add("elsewhere", next(iter(note.addresses), "") or note.said)
    if not here:
        message = _("No note in it is on an article that is here.")
        if addresses := list(dict.fromkeys(address for note in elsewhere for address in note.addresses)):
            message += " " + _("They are on: %(addresses)s") % {"addresses": ", ".join(addresses[:3])[:300]}
        imports.failed(row, message=message, by=row.by, at=now())
        return
    report = importing.foresee_notes(here.items(), by=row.by, at=now())
    imports.read_done(
        row,
        exchange=exchange.key,
        total=len(here),
        found={
            # Which these are does not change while they are stored, whatever becomes of them.
            "beside": [str(article.uuid) for article in here],
            "annotations": report.annotations,
            "comments": report.comments,
            "same": report.unchanged,
            "left": dict(report.left),
            "examples": report.examples,
        },
        losses=[(loss.name, loss.times, loss.example) for loss in losses.told()],
        by=row.by,
        at=now(),
    )


def _store_notes(row: Import, file: Any) -> None:
    here, _elsewhere = by_article(NOTES[row.exchange].read(file, Losses()))
    beside: dict[str, tuple[Article, list[Note]]] = {
        str(article.uuid): (article, notes) for article, notes in here.items()
    }
    while some := row.found["beside"][row.done : row.done + NOTED]:
        articles = [beside.get(uuid, (None, ())) for uuid in some]
        row = imports.store_notes(row, beside=articles, start=row.done, by=row.stored_by, at=now())


class _Counted:
    """How many texts went by, and tags by kind."""

    def __init__(self) -> None:
        self.texts = 0
        self.tags: Counter[str] = Counter()

    def each(self, texts: Iterable[AnnotatedText]) -> Iterator[AnnotatedText]:
        for text in texts:
            self.texts += 1
            self.tags.update(tag.kind for tag in text.tags)
            yield text


def _found(report: importing.Report, counted: _Counted) -> dict[str, Any]:
    """For a preview. Those that are here already are named by their UUID."""
    return {
        "made": len(report.made),
        "tagged": len(report.tagged),
        "unchanged": len(report.unchanged),
        "first_made": [[article.headline, article.lang] for article in report.made[:NAMED]],
        "first_here": [str(article.uuid) for article in [*report.tagged, *report.unchanged][:NAMED]],
        "tags": dict(counted.tags),
        "annotations": report.annotations,
        "named": dict(report.named),
        "known": dict(report.known),
        "new_names": [[name.of, name.name] for name in report.new_names[:NAMED_NEW]],
        "left": dict(report.left),
    }
