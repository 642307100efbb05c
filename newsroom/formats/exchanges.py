"""The formats that carry texts with their tags, by the names that commands, forms and addresses use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext_lazy as _

from newsroom.text.web_annotations import Note

from . import (
    brat,
    cas_json,
    conll2003,
    conllu,
    doccano,
    hypothesis_notes,
    label_studio,
    syndication,
    webanno_tsv,
    wxr,
)
from .annotated import AnnotatedText, BadFile, Losses

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

Write = Callable[[Iterable[AnnotatedText], Losses], Iterator[bytes]]
Read = Callable[[BinaryIO, Losses], Iterator[AnnotatedText]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One format. `write` gives the file piece by piece; `read` raises BadFile; either may be None.

    `in_portions`: each text is an article without tags that stands by itself, and there may be very many.
    They are read once to the end, to see that nothing is wrong with the file, and then stored portion by
    portion.
    """

    key: str
    label: str | StrPromise
    ending: str
    content_type: str
    write: Write | None = None
    read: Read | None = None
    in_portions: bool = False


_JSON, _LINES, _TEXT, _XML, _ZIP = (
    "application/json",
    "application/jsonl",
    "text/plain; charset=utf-8",
    "application/xml",
    "application/zip",
)

_ALL = (
    Exchange("brat", "brat", ".zip", _ZIP, brat.write, brat.read),
    Exchange("cas", "UIMA CAS JSON", ".zip", _ZIP, cas_json.write, cas_json.read),
    Exchange("conll2003", "CoNLL-2003", ".conll", _TEXT, conll2003.write, conll2003.read),
    Exchange("conllu", "CoNLL-U", ".conllu", _TEXT, conllu.write, conllu.read),
    Exchange("doccano", "doccano", ".jsonl", _LINES, doccano.write, doccano.read),
    Exchange(
        "doccano-relations",
        _("doccano, with relations"),
        ".jsonl",
        _LINES,
        doccano.write_relations,
        doccano.read,
    ),
    Exchange("label-studio", "Label Studio", ".json", _JSON, label_studio.write, label_studio.read),
    Exchange("webanno", "WebAnno TSV 3.3", ".zip", _ZIP, webanno_tsv.write, webanno_tsv.read),
    Exchange("wxr", _("WordPress (WXR)"), ".xml", _XML, read=wxr.read, in_portions=True),
    Exchange(
        "wxr-private",
        _("WordPress (WXR), private posts too"),
        ".xml",
        _XML,
        read=wxr.read_all,
        in_portions=True,
    ),
    Exchange("feed", _("RSS or Atom"), ".xml", _XML, read=syndication.read, in_portions=True),
)
FORMATS: dict[str, Exchange] = {exchange.key: exchange for exchange in _ALL}


@dataclass(frozen=True, slots=True)
class NotesExchange:
    """A format of notes on articles that are here: `importing.note` places them. `read` raises BadFile."""

    key: str
    label: str | StrPromise
    ending: str
    content_type: str
    read: Callable[[BinaryIO, Losses], Iterator[Note]]


NOTES: dict[str, NotesExchange] = {
    "hypothesis": NotesExchange("hypothesis", "Hypothesis", ".json", _JSON, hypothesis_notes.read),
}


def outgoing() -> list[Exchange]:
    """Those that can be written, in the order of the list."""
    return [exchange for exchange in FORMATS.values() if exchange.write is not None]


def incoming() -> list[Exchange]:
    """Those that can be read."""
    return [exchange for exchange in FORMATS.values() if exchange.read is not None]


def guessed(file: BinaryIO, name: str) -> Exchange | None:
    """The format that reads the beginning of a file: one of its ending, else any.

    If none does, it is the one of the ending that no other format shares, which then says what is wrong; else
    None. The file stands at its beginning afterwards.
    """
    ending = PurePosixPath(name.lower()).suffix
    likely = [exchange for exchange in incoming() if exchange.ending == ending]
    for exchange in (*likely, *(other for other in incoming() if other.ending != ending)):
        if _reads(exchange, file):
            return exchange
    return likely[0] if len({exchange.read for exchange in likely}) == 1 else None


def _reads(exchange: Exchange, file: BinaryIO) -> bool:
    assert exchange.read is not None  # one of those that come in
    file.seek(0)
    try:
        return next(iter(exchange.read(file, Losses())), None) is not None
    except BadFile:
        return False
    finally:
        file.seek(0)
