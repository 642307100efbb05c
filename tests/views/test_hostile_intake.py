"""What means harm is refused at every door by which an article or a newsroom comes in.

A file, a paste, an address, an archive: each hostile kind at each door where it can come, with the reason in
the reader's language, the status that says so, and nothing stored. Texts with tags have
`formats/test_hostile_files.py`.
"""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from newsroom.actions import archiving
from newsroom.formats.newsroom_archive import Writer
from newsroom.models import Article, Claim, Original, Picture, Revision, Target, User
from tests.emptied import empty
from tests.local_web import LocalWeb, page
from tests.making import LATER
from tests.reading import faults, tree
from tests.word import packed, paragraph, parts

pytestmark = pytest.mark.django_db

NEW = "/desk/articles/new/"
WORDS = "Perché il ponte è chiuso? La città non lo sa, e nessuno lo dice ai cittadini."
BOMB = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
FILE = '<!DOCTYPE html [<!ENTITY c SYSTEM "file:///etc/passwd">]>'
PARTS = parts(paragraph(WORDS))
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


# What a document is made to be


def document(xml: bytes) -> bytes:
    return packed(PARTS | {"word/document.xml": xml})


def declared(doctype: str) -> bytes:
    xml = PARTS["word/document.xml"].decode()
    return document(xml.replace("<w:document", doctype + "<w:document").replace(WORDS, "&c;").encode())


def long_page(length: int) -> bytes:
    return page().replace("<p>", "<p>" + "p" * length, 1).encode()


def twice() -> bytes:
    written = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(written, "w") as archive:
        warnings.simplefilter("ignore")  # zipfile warns whoever writes such a one
        for name, body in (*PARTS.items(), ("word/document.xml", PARTS["word/document.xml"])):
            archive.writestr(name, body)
    return written.getvalue()


def encrypted() -> bytes:
    body = bytearray(packed(PARTS))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(sign), bytes(body)):
            body[found.start() + place] |= 1
    return bytes(body)


#: By kind of file: what is done to it, and what the reader is told in Italian.
FILES: dict[str, dict[str, tuple[Callable[[], bytes], str]]] = {
    "docx": {
        "an entity bomb": (lambda: declared(BOMB), "Dichiara entità"),
        "a file that it names": (lambda: declared(FILE), "Dichiara entità"),
        "a name that leads out": (lambda: packed(PARTS | {"../../x.xml": b"<a/>"}), "danneggiato"),
        "a name from the root": (lambda: packed(PARTS | {"/etc/x.xml": b"<a/>"}), "danneggiato"),
        "a name of Windows": (lambda: packed(PARTS | {"..\\x.xml": b"<a/>"}), "danneggiato"),
        "two parts of one name": (twice, "danneggiato"),
        "100 MB of one word": (
            lambda: document(PARTS["word/document.xml"].replace(b"ponte", b"p" * 100_000_000)),
            "Scompattato",
        ),
        "another encoding": (
            lambda: document(PARTS["word/document.xml"].decode().encode("latin-1")),
            "danneggiato",
        ),
        "encrypted": (encrypted, "danneggiato"),
        "cut off": (lambda: packed(PARTS)[:-20], "danneggiato"),
    },
    "html": {
        "an entity bomb": (lambda: f"{BOMB}<html><body>&c;</body></html>".encode(), "Dichiara entità"),
        "a file that it names": (lambda: f"{FILE}<html><body>&c;</body></html>".encode(), "Dichiara entità"),
        "no text at all": (lambda: bytes(range(256)) * 20, "non è un testo"),
        "100 MB of one word": (lambda: long_page(100_000_000), "10,0 MB"),
        "5 MB of one word": (lambda: long_page(5_000_000), "troppo lungo"),
        "nested without end": (lambda: b"<html><body>" + b"<div>" * 100_000, "troppo lungo"),
    },
    "md": {
        "no text at all": (lambda: bytes(range(256)) * 20, "non è un testo"),
        "100 MB of one word": (lambda: b"p" * 100_000_000, "10,0 MB"),
        "1 MB of one word": (lambda: b"p" * 1_000_000, "troppo lungo"),
    },
    "txt": {
        "no text at all": (lambda: bytes(range(256)) * 20, "non è un testo"),
        "UTF-16 cut off": (lambda: WORDS.encode("utf-16")[:-1], "non è un testo"),
        "100 MB of one word": (lambda: b"p" * 100_000_000, "10,0 MB"),
        "1 MB of one word": (lambda: b"p" * 1_000_000, "troppo lungo"),
    },
}  # fmt: skip
#: What may be pasted, by its markup.
PASTES: dict[str, tuple[str, str, str]] = {
    "an entity bomb": ("html", f"{BOMB}<p>&c;</p>", "Dichiara entità"),
    "a NUL": ("text", "Il ponte\0", "null"),
    "1 MB of one word": ("text", "p" * 1_000_000, "troppo lungo"),
    "1 MB of one word as Markdown": ("markdown", "p" * 1_000_000, "troppo lungo"),
    "nested without end": ("html", "<div>" * 100_000, "troppo lungo"),
    "100 MB of one word": ("text", "p" * 100_000_000, "2,5 MB"),
}
TYPES = {"docx": WORD_TYPE, "html": "text/html; charset=utf-8", "md": "text/markdown", "txt": "text/plain"}


def kept() -> tuple[int, ...]:
    files = [
        len(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else 0
        for folder in ("originals", "pictures")
    ]
    return (*files, *(model.objects.count() for model in (Picture, Article, Revision)))


@pytest.fixture
def desk(signed_in: Callable[[User], Client], reporter: User) -> Client:
    return signed_in(reporter)


def told(answer: HttpResponse, *, large: bool) -> str:
    """Why, in valid HTML; what is too large for any file is answered before it is looked at."""
    assert answer.status_code == (413 if large else 422)
    assert faults(answer) == []
    return " ".join(tree(answer).xpath("string(//main)").replace("\xa0", " ").split())


def cases() -> Iterator[tuple[str, str]]:
    return ((kind, name) for kind, names in FILES.items() for name in names)


@pytest.mark.parametrize(("kind", "name"), list(cases()))
def test_a_hostile_file_is_refused_in_words_and_nothing_is_stored(kind: str, name: str, desk: Client) -> None:
    make, words = FILES[kind][name]
    body, before = make(), (Original.objects.count(), kept())
    answer = desk.post(NEW, {"way": "file", "file": SimpleUploadedFile(f"ponte.{kind}", body)})
    assert words in told(answer, large=len(body) > 10 * 1024**2)
    assert (Original.objects.count(), kept()) == before


@pytest.mark.parametrize(("kind", "name"), list(cases()))
def test_what_an_address_leads_to_is_refused_the_same(
    kind: str, name: str, desk: Client, web: LocalWeb
) -> None:
    make, words = FILES[kind][name]
    url = web.serve("/ponte", make(), content_type=TYPES[kind])
    before = kept()
    said = told(desk.post(NEW, {"way": "address", "address": url}), large=False)
    assert words in said
    # That it was tried is on record, and nothing of it.
    assert [(row.state, row.draft, row.file.name) for row in Original.objects.all()] == [("failed", None, "")]
    assert kept() == before


@pytest.mark.parametrize("name", PASTES)
def test_a_hostile_paste_is_refused_in_words_and_nothing_is_stored(name: str, desk: Client) -> None:
    markup, text, words = PASTES[name]
    before = (Original.objects.count(), kept())
    answer = desk.post(NEW, {"way": "paste", "text": text, "markup": markup})
    assert words in told(answer, large=len(text) > 2_500_000)
    assert (Original.objects.count(), kept()) == before


def test_half_a_surrogate_in_a_paste_is_no_character(desk: Client) -> None:
    body = f"way=paste&markup=text&text={WORDS}".encode() + b"%ED%A0%BD"
    answer = desk.generic("POST", NEW, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302
    assert "\ud83d" not in Original.objects.latest("pk").draft["html"]


# A whole newsroom


@dataclass(frozen=True, slots=True)
class Changed:
    """One member of a good archive made into another, by a manifest that says that it is right."""

    name: str
    change: Callable[[bytes], bytes]


def row_with(name: str, **values: Any) -> Changed:
    def change(body: bytes) -> bytes:
        first, *others = body.splitlines()
        return b"\n".join([json.dumps(json.loads(first) | values).encode(), *others, b""])

    return Changed(f"rows/{name}.jsonl", change)


ARCHIVES: dict[str, Changed | Callable[[bytes], bytes]] = {
    "a name that leads out": lambda body: with_member(body, "../../x"),
    "a name from the root": lambda body: with_member(body, "/etc/x"),
    "a name of Windows": lambda body: with_member(body, "files\\..\\x"),
    "an entity bomb": lambda _body: f"{BOMB}<a>&c;</a>".encode(),
    "cut off": lambda body: body[:-40],
    "100 MB of one word": Changed(
        "rows/claim.jsonl", lambda body: body.replace(b'"text":"', b'"text":"' + b"p" * 100_000_000, 1)
    ),
    "latin-1": Changed("rows/claim.jsonl", lambda body: body.decode().encode("latin-1", "replace")),
    "UTF-16": Changed("rows/claim.jsonl", lambda body: body.decode().encode("utf-16")),
    "half a surrogate": Changed(
        "rows/claim.jsonl", lambda body: body.replace(b'"text":"', b'"text":"\xed\xa0\xbd', 1)
    ),
    "a NUL": Changed("rows/claim.jsonl", lambda body: body.replace(b'"text":"', b'"text":"\\u0000', 1)),
    "nested without end": Changed("rows/claim.jsonl", lambda _body: b"[" * 100_000 + b"\n"),
    "a place outside the text": row_with("target", start=9_000_000, end=9_000_005),
    "a place on other words": row_with("target", start=0, end=1),
    "a place before the beginning": row_with("target", start=-5, end=5),
    "a place beyond any number": row_with("target", end=10**30),
    "two rows of one id": Changed("rows/claim.jsonl", lambda body: body + body.splitlines(keepends=True)[0]),
}  # fmt: skip


def with_member(body: bytes, name: str) -> bytes:
    written = io.BytesIO(body)
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr(name, b"x")
    return written.getvalue()


def made_hostile(body: bytes, how: Changed | Callable[[bytes], bytes]) -> bytes:
    if not isinstance(how, Changed):
        return how(body)
    written = io.BytesIO()
    writer = Writer(written)
    with zipfile.ZipFile(io.BytesIO(body)) as there:
        about = json.loads(there.read("manifest.json"))
        for name in there.namelist():
            if name != "manifest.json":
                content = there.read(name)
                changed = how.change(content) if name == how.name else content
                assert (changed != content) == (name == how.name)
                writer.add(name, [changed[at : at + 1_000_000] for at in range(0, len(changed), 1_000_000)])
    writer.finish({key: value for key, value in about.items() if key not in ("members", "format")})
    return written.getvalue()


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_hostile_archive_is_refused_in_words_and_nothing_is_stored(
    name: str, editor: User, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = dict(settings.STORAGES)
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    editor.is_superuser = True
    editor.save()
    body = io.BytesIO()
    with closing(Writer(body)) as writer:
        archiving.export(writer, by=editor, at=LATER)
    file = tmp_path / "a.zip"
    file.write_bytes(made_hostile(body.getvalue(), ARCHIVES[name]))
    by = empty()
    said = {}
    for lang in ("it", "en"):
        with translation.override(lang), pytest.raises(CommandError) as refused:
            call_command("import_newsroom", str(file), "--by", by.username, verbosity=0)
        assert refused.value.returncode == 1
        said[lang] = str(refused.value)
        assert said[lang].endswith("Nothing was stored.")
    assert said["it"] != said["en"] and max(map(len, said.values())) < 600
    models = (Article, Revision, Claim, Target, Original)
    assert not any(model._base_manager.exists() for model in models)
    assert list(User.objects.all()) == [by]
    assert not list((tmp_path / "media").rglob("*.*"))
    assert sorted(path.name for path in tmp_path.parent.rglob("x")) == []
