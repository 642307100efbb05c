"""What means harm is refused by every format that is read, with its reason, and nothing of it is stored.

The formats are taken from the registry, and damaged in the ways of their kind: whoever adds one adds here, at
most, how a good file of it is made. What only one format can get wrong stands with its own tests and in
`tests/actions/test_importing.py`.
"""

from __future__ import annotations

import io
import re
import shutil
import warnings
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Any, BinaryIO

import pytest
from django.db.models import Model
from django.utils import translation
from django.utils.timezone import now

from newsroom.actions import importing
from newsroom.actions.refusals import Refused
from newsroom.formats import json_text
from newsroom.formats.annotated import CLAIM, MENTION, AnnotatedText, BadFile, Losses, Part, Tag
from newsroom.formats.exchanges import FORMATS, readable
from newsroom.models import Annotation, Article, Claim, Comment, Deed, Entity, Target, User
from tests.formats import feeds_made as made

pytestmark = pytest.mark.django_db

TEXT = "È il ponte di Forlì che è aperto."
#: The only tags end at 17 and 31, numbers that stand nowhere else.
SAMPLE = AnnotatedText(
    "6c1f2e3d-0a9b-4b8c-8f6e-5a4b3c2d1e0f",
    TEXT,
    lang="it",
    tags=(Tag("1", CLAIM, (Part(5, 31),), {}), Tag("2", MENTION, (Part(11, 17),), {})),
)
MUCH, PIECE = 100_000_000, b"p" * 100_000
ROWS: tuple[type[Model], ...] = (Article, Annotation, Target, Claim, Entity, Comment, Deed)


def note(**more: object) -> dict[str, object]:
    selectors = [
        {"type": "TextQuoteSelector", "exact": "il ponte", "prefix": "È "},
        {"type": "TextPositionSelector", "start": 9, "end": 17},
    ]
    return {
        "id": "a",
        "uri": "https://example.org/ponte",
        "group": "__world__",
        "permissions": {"read": ["group:__world__"]},
        "text": "È il ponte vecchio.",
        "target": [{"source": "https://example.org/ponte", "selector": selectors}],
    } | more


def post() -> bytes:
    return made.wxr(made.post(content=f"<p>{TEXT}</p>"))


def item() -> bytes:
    return made.rss(made.item(title="Il ponte", description=TEXT))


#: Good files of the formats that are read here and not written.
MADE: dict[str, Callable[[], bytes]] = {
    "wxr": post,
    "wxr-private": post,
    "feed": item,
    "hypothesis": lambda: json_text.dumps({"total": 1, "rows": [note()]}),
}
#: No offset stands in these: words stand one under the other, or nothing is tagged.
WITHOUT_PLACES = {"conll2003", "conllu", "wxr", "wxr-private", "feed"}
#: A note is found by the words that it quotes: where they stood on another page may be anywhere.
HINT = ("hypothesis", "outside the text")


def good(key: str) -> bytes:
    if key in MADE:
        return MADE[key]()
    write = FORMATS[key].write
    assert write is not None, f"{key}: say in MADE how a file of it is made"
    return b"".join(write([SAMPLE], Losses()))


def ending(key: str) -> str:
    return next(exchange.ending for exchange in readable() if exchange.key == key)


def within(key: str, change: Callable[[bytes], bytes]) -> bytes:
    """A good file with its words changed; of a zip those of each file in it."""
    body = good(key)
    if ending(key) != ".zip":
        return change(body)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as there,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in there.namelist():
            new.writestr(name, change(there.read(name)))
    return packed.getvalue()


def repacked(key: str, name: Callable[[str], str], times: int = 1) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good(key))) as there, zipfile.ZipFile(packed, "w") as new:
        for each in there.namelist() * times:
            new.writestr(name(each), there.read(each))
    return packed.getvalue()


def encrypted(body: bytes) -> bytes:
    """As its headers say."""
    changed = bytearray(body)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(sign), body):
            changed[found.start() + place] |= 1
    return bytes(changed)


class Much(io.RawIOBase):
    """What stands before 100 MB, those, and what stands behind them; in memory is never more than a piece."""

    def __init__(self, before: bytes, after: bytes) -> None:
        self._pieces = chain([before], repeat(PIECE, MUCH // len(PIECE)), [after])
        self._piece = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._piece = self._piece or next(self._pieces, b"")
        some, self._piece = self._piece[: len(buffer)], self._piece[len(buffer) :]
        buffer[: len(some)] = some
        return len(some)


def long(key: str) -> BinaryIO:
    """A file with 100 MB where a word stands, well-formed otherwise."""
    body = good(key)
    if ending(key) != ".zip":
        return io.BufferedReader(Much(*body.split(b"ponte", 1)))
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as there,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in there.namelist():
            words = there.read(name).split(b"ponte", 1)
            with new.open(name, "w") as member:
                shutil.copyfileobj(io.BytesIO(words[0]) if len(words) == 1 else Much(*words), member)
    packed.seek(0)
    return packed


def doctype(key: str, declared: bytes) -> bytes:
    body = good(key)
    root = re.search(rb"<(rss|feed)", body)
    assert root is not None
    return body[: root.start()] + b"<!DOCTYPE rss " + declared + b">" + body[root.start() :]


BOMB = b'[<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]'
ANY: dict[str, Callable[[str], bytes | BinaryIO]] = {
    "latin-1": lambda key: within(key, lambda body: body.decode().encode("latin-1", "replace")),
    "NUL": lambda key: within(key, lambda body: body.replace(b"ponte", b"p\0nte")),
    "half a surrogate": lambda key: within(key, lambda body: body.replace(b"ponte", b"p\xed\xa0\xbdnte")),
    "100 MB of one word": long,
    "something else": lambda key: b"%PDF-1.7\n" + bytes(range(256)) * 20,
}
BY_ENDING: dict[str, dict[str, Callable[[str], bytes | BinaryIO]]] = {
    ".zip": {
        "a name that leads out": lambda key: repacked(key, lambda name: f"../../{name}"),
        "a name from the root": lambda key: repacked(key, lambda name: f"/{name}"),
        "a name of Windows": lambda key: repacked(key, lambda name: f"..\\{name}"),
        "encrypted": lambda key: encrypted(good(key)),
        "cut off": lambda key: good(key)[:-20],
        "UTF-16": lambda key: within(key, lambda body: body.decode().encode("utf-16")),
    },
    ".xml": {
        "an entity bomb": lambda key: doctype(key, BOMB),
        "a file that it names": lambda key: doctype(key, b'SYSTEM "file:///etc/passwd"'),
        "an address that it names": lambda key: doctype(key, b'SYSTEM "http://127.0.0.1:9/x.dtd"'),
        "cut off": lambda key: good(key)[:-20],
        "nested without end": lambda key: good(key).replace(b"<title>", b"<title>" + b"<a>" * 100_000, 1),
    },
    ".json": {
        "cut off": lambda key: good(key)[:-20],
        "nested without end": lambda key: b"[" * 100_000,
        "NaN": lambda key: re.sub(rb"\b17\b", b"NaN", good(key)),
        "UTF-16": lambda key: good(key).decode().encode("utf-16"),
    },
    ".jsonl": {
        "cut off": lambda key: good(key)[:-20],
        "nested without end": lambda key: b"[" * 100_000,
        "UTF-16": lambda key: good(key).decode().encode("utf-16"),
    },
    ".conll": {"UTF-16": lambda key: good(key).decode().encode("utf-16")},
    ".conllu": {"UTF-16": lambda key: good(key).decode().encode("utf-16")},
}
PLACES: dict[str, bytes] = {
    "outside the text": b"9917",
    "before its beginning": b"-17",
    "from the end to the beginning": b"1",
    "beyond any number": b"9" * 30,
}


def cases() -> Iterator[tuple[str, str]]:
    for exchange in readable():
        yield from ((exchange.key, name) for name in (*ANY, *BY_ENDING[exchange.ending]))
        if exchange.key not in WITHOUT_PLACES:
            yield from ((exchange.key, name) for name in PLACES if (exchange.key, name) != HINT)


def made_hostile(key: str, name: str) -> bytes | BinaryIO:
    if name not in PLACES:
        return (ANY | BY_ENDING[ending(key)])[name](key)
    body = within(key, lambda body: re.sub(rb"(?<![\w.-])17\b|(?<=\d-)17\b", PLACES[name], body))
    assert body != good(key), f"{key}: no offset of the sample was found"
    return body


def read(key: str, body: bytes | BinaryIO) -> Iterator[object]:
    exchange = next(exchange for exchange in readable() if exchange.key == key)
    assert exchange.read is not None
    yield from exchange.read(io.BytesIO(body) if isinstance(body, bytes) else body, Losses())


def counts() -> list[int]:
    return [model._default_manager.count() for model in ROWS]


@pytest.mark.parametrize("key", [exchange.key for exchange in readable()])
def test_the_good_file_is_read(key: str) -> None:
    assert len(list(read(key, good(key)))) == 1


@pytest.mark.parametrize(("key", "name"), list(cases()))
def test_it_is_refused_in_words_and_nothing_is_stored(key: str, name: str, editor: User) -> None:
    body, before = made_hostile(key, name), counts()
    with pytest.raises((BadFile, Refused)) as refused:
        if key in FORMATS:
            importing.store(read(key, body), by=editor, at=now())
        else:
            list(read(key, body))
    assert counts() == before
    said = {}
    for lang in ("it", "en"):
        with translation.override(lang):
            why = refused.value
            said[lang] = " ".join(why.messages) if isinstance(why, Refused) else str(why)
            assert 10 < len(said[lang]) < 500
    # What was read hangs on the way that the refusal took, and that on itself: 100 MB for each format.
    refused.value.__traceback__ = None


@pytest.mark.parametrize(
    "key", [exchange.key for exchange in readable() if exchange.key not in {*MADE, "conll2003"}]
)
def test_two_articles_of_one_id_are_refused(key: str, editor: User) -> None:
    write = FORMATS[key].write
    assert write is not None
    if ending(key) == ".zip":
        with warnings.catch_warnings():  # zipfile warns whoever writes such a one
            warnings.simplefilter("ignore")
            body = repacked(key, str, times=2)
    else:
        body = b"".join(write([SAMPLE, SAMPLE], Losses()))
    before = counts()
    with pytest.raises((BadFile, Refused)):
        importing.store(read(key, body), by=editor, at=now())
    assert counts() == before
