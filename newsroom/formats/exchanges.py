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

    `hint` says in one line what it is for; `wants` which file is read.
    `in_portions`: each text is an article without tags that stands by itself, and there may be very many.
    They are read once to the end, to see that nothing is wrong with the file, and then stored portion by
    portion.
    """

    key: str
    label: str | StrPromise
    ending: str
    content_type: str
    hint: str | StrPromise
    wants: str | StrPromise = ""
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
    Exchange(
        "brat",
        "brat",
        ".zip",
        _ZIP,
        _("For marking up by hand in brat: plain texts, and their tags in a file beside each."),
        _("A zip with a .txt and an .ann for each text."),
        write=brat.write,
        read=brat.read,
    ),
    Exchange(
        "cas",
        "UIMA CAS JSON",
        ".zip",
        _ZIP,
        _("For INCEpTION, and for programs with UIMA or dkpro-cassis."),
        _("A zip with a .json for each text."),
        write=cas_json.write,
        read=cas_json.read,
    ),
    Exchange(
        "conll2003",
        "CoNLL-2003",
        ".conll",
        _TEXT,
        _("For training a program to find names: one word a line, with whom it names."),
        _("A text file with columns, IOB in the last of them."),
        write=conll2003.write,
        read=conll2003.read,
    ),
    Exchange(
        "conllu",
        "CoNLL-U",
        ".conllu",
        _TEXT,
        _("For linguists' programs (Universal Dependencies): one word a line in ten columns."),
        _("A text file with ten columns, tags under MISC."),
        write=conllu.write,
        read=conllu.read,
    ),
    Exchange(
        "doccano",
        "doccano",
        ".jsonl",
        _LINES,
        _("For marking up together in doccano: the quickest for many articles."),
        _("One JSON object a line, with “text” and “label”."),
        write=doccano.write,
        read=doccano.read,
    ),
    Exchange(
        "doccano-relations",
        _("doccano, with relations"),
        ".jsonl",
        _LINES,
        _("For a doccano project that has relations too: who says what stays joined."),
        _("One JSON object a line, with “text”, “entities” and “relations”."),
        write=doccano.write_relations,
        read=doccano.read,
    ),
    Exchange(
        "label-studio",
        "Label Studio",
        ".json",
        _JSON,
        _("For marking up in Label Studio, with relations and notes."),
        _("The JSON of its tasks, as it exports them."),
        write=label_studio.write,
        read=label_studio.read,
    ),
    Exchange(
        "webanno",
        "WebAnno TSV 3.3",
        ".zip",
        _ZIP,
        _("For INCEpTION and WebAnno, as tables to be read by eye."),
        _("A zip with a .tsv for each text."),
        write=webanno_tsv.write,
        read=webanno_tsv.read,
    ),
    Exchange(
        "wxr",
        _("WordPress (WXR)"),
        ".xml",
        _XML,
        _("For moving here from WordPress: posts become drafts."),
        _("The .xml of Tools → Export in WordPress."),
        read=wxr.read,
        in_portions=True,
    ),
    Exchange(
        "wxr-private",
        _("WordPress (WXR), private posts too"),
        ".xml",
        _XML,
        _("The same with private posts and those with a password, if they may be seen at the desk."),
        _("The .xml of Tools → Export in WordPress."),
        read=wxr.read_all,
        in_portions=True,
    ),
    Exchange(
        "feed",
        _("RSS or Atom"),
        ".xml",
        _XML,
        _("For articles of a site that has a feed: whole texts, or what the feed has of them."),
        _("The .xml of the feed, saved as a file."),
        read=syndication.read,
        in_portions=True,
    ),
)
FORMATS: dict[str, Exchange] = {exchange.key: exchange for exchange in _ALL}


@dataclass(frozen=True, slots=True)
class NotesExchange:
    """A format of notes on articles that are here: `importing.note` places them. `read` raises BadFile."""

    key: str
    label: str | StrPromise
    ending: str
    content_type: str
    hint: str | StrPromise
    wants: str | StrPromise
    read: Callable[[BinaryIO, Losses], Iterator[Note]]


NOTES: dict[str, NotesExchange] = {
    "hypothesis": NotesExchange(
        "hypothesis",
        "Hypothesis",
        ".json",
        _JSON,
        _("For what readers noted on articles that are here: suggestions, and comments of the desk."),
        _("The JSON that its API answers to a search."),
        hypothesis_notes.read,
    ),
}


def outgoing() -> list[Exchange]:
    """Those that can be written, in the order of the list."""
    return [exchange for exchange in FORMATS.values() if exchange.write is not None]


def incoming() -> list[Exchange]:
    """Those of texts that can be read."""
    return [exchange for exchange in FORMATS.values() if exchange.read is not None]


def readable() -> list[Exchange | NotesExchange]:
    """All that a file may be read as, in the order of the list."""
    return [*incoming(), *NOTES.values()]


def known(key: str) -> Exchange | NotesExchange | None:
    return FORMATS.get(key) or NOTES.get(key)


def guessed(file: BinaryIO, name: str) -> Exchange | NotesExchange | None:
    """The format that reads the beginning of a file: one of its ending, else any.

    If none does, it is the one of the ending that no other format shares, which then says what is wrong; else
    None. The file stands at its beginning afterwards.
    """
    ending = PurePosixPath(name.lower()).suffix
    likely = [exchange for exchange in readable() if exchange.ending == ending]
    for exchange in (*likely, *(other for other in readable() if other.ending != ending)):
        if _reads(exchange, file):
            return exchange
    return likely[0] if len({exchange.read for exchange in likely}) == 1 else None


def _reads(exchange: Exchange | NotesExchange, file: BinaryIO) -> bool:
    assert exchange.read is not None  # one of those that come in
    file.seek(0)
    try:
        return next(iter(exchange.read(file, Losses())), None) is not None
    except BadFile:
        return False
    finally:
        file.seek(0)
