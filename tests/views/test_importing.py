"""Articles with tags are brought in: uploaded, read, looked at, stored; and what is refused, and why."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.actions import imports
from newsroom.formats.annotated import Losses
from newsroom.formats.archives import packed, zipped
from newsroom.formats.exchanges import incoming, outgoing
from newsroom.models import Annotation, Article, Deed, Entity, Import, User
from newsroom.tasks.imports import store_import
from newsroom.text.annotated import AnnotatedText
from tests.formats import feeds_made
from tests.making import make_article, make_import
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]

PAGE = "/desk/imports/"


@pytest.fixture
def desk(signed_in: SignedIn, editor: User) -> Client:
    return signed_in(editor)


def note(number: int = 1, **more: Any) -> bytes:
    text = {
        "id": f"nota-{number}",
        "text": f"Ada Neri dice che il ponte {number} è chiuso.",
        "label": [[0, 8, "person"], [14, 38, "claim"]],
        "headline": f"Il ponte {number}",
        "lang": "it",
    }
    return json.dumps(text | more).encode() + b"\n"


def upload(client: Client, body: bytes, name: str = "note.jsonl", **given: str) -> HttpResponse:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, body), "rights": "quotation"} | given)


def said(answer: HttpResponse) -> str:
    assert faults(answer) == []
    return " ".join(tree(answer).cssselect("main")[0].text_content().split())


def shown(client: Client, answer: HttpResponse) -> tuple[Import, str]:
    """The import that was redirected to, and what its page says."""
    assert answer.status_code == 302, said(answer)
    row = Import.objects.latest("pk")
    assert answer.headers["Location"] == there(row)
    return row, said(client.get(there(row)))


def there(row: Import, name: str = "import") -> str:
    return reverse(f"desk:{name}", args=[row.code])


# From the file to the report


def test_a_file_is_shown_before_anything_is_stored(desk: Client) -> None:
    before = Article.objects.count(), Annotation.objects.count(), Entity.objects.count()
    row, words = shown(desk, upload(desk, note(1) + note(2)))
    assert (Article.objects.count(), Annotation.objects.count(), Entity.objects.count()) == before
    assert (row.state, row.exchange, row.total) == ("read", "doccano", 2)
    for there_is in (
        "2 articoli nuovi",
        "4 etichette nuove",
        "2 affermazioni",
        "2 nomi",
        "Il ponte 2",
        "Ada Neri",
    ):
        assert there_is in words
    assert "nomi e temi: 1 nuovi, 0 noti" in words
    assert default_storage.exists(row.file.name)


def test_what_is_confirmed_is_stored_as_drafts_and_reported(desk: Client, editor: User) -> None:
    row, _words = shown(desk, upload(desk, note(1) + note(2)))
    answer = desk.post(there(row), {"store": "1"})
    row, words = shown(desk, answer)
    assert (row.state, row.done, row.stored_by) == ("stored", 2, editor)
    articles = Article.objects.filter(headline__startswith="Il ponte ").order_by("headline")
    assert [article.published_at for article in articles] == [None, None]
    links = [link.get("href") for link in tree(desk.get(there(row))).cssselect(".lines a")]
    assert links == [reverse("desk:article", args=[article.slug]) for article in articles]
    assert "2 articoli nuovi" in words and "Che cosa è stato registrato" in words


def test_what_is_here_already_is_said_and_comes_once(desk: Client) -> None:
    row, _words = shown(desk, upload(desk, note(1)))
    desk.post(there(row), {"store": "1"})
    number = Annotation.objects.count()
    again, words = shown(desk, upload(desk, note(1)))
    assert "1 articolo che è già qui con tutte le etichette" in words
    assert "0 etichette nuove" in words and "nomi e temi: 0 nuovi, 1 noti" not in words
    desk.post(there(again), {"store": "1"})
    assert Annotation.objects.count() == number
    assert "Nessuno: era già tutto qui." in said(desk.get(there(again)))


@pytest.mark.parametrize("key", [exchange.key for exchange in incoming() if exchange.write])
def test_every_format_is_recognised_and_told_what_it_lost(key: str, desk: Client) -> None:
    [exchange] = [exchange for exchange in outgoing() if exchange.key == key]
    text = AnnotatedText("nota", "Il ponte è chiuso.\n", lang="it")
    body = b"".join(exchange.write([text], Losses()))
    row, words = shown(desk, upload(desk, body, f"note{exchange.ending}"))
    assert row.state == "read"
    reads = {other.key for other in incoming() if other.read is exchange.read}
    assert row.exchange in reads
    assert "1 articolo nuovo" in words


def test_a_zip_that_was_taken_out_here_comes_in_as_it_is(desk: Client) -> None:
    body = b"".join(packed([("articles.jsonl", [note()]), ("report.txt", [b"Niente.\n"])]))
    row, words = shown(desk, upload(desk, body, "doccano-2026-11-26.zip"))
    assert (row.exchange, row.total) == ("doccano", 1)
    assert "Il ponte 1" in words
    desk.post(there(row), {"store": "1"})
    row.refresh_from_db()
    assert row.state == "stored"


def test_what_was_taken_out_comes_in_again_however_much_it_is(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a member of an archive may have, in lines that are no longer than a line may be."""
    monkeypatch.setattr("newsroom.formats.archives.LONGEST_LINE", 400)
    body = b"".join(packed([("articles.jsonl", [many(8)]), ("report.txt", [b"Niente.\n"])]))
    row, _words = shown(desk, upload(desk, body, "a.zip"))
    assert (row.exchange, row.total) == ("doccano", 8)


@pytest.mark.parametrize("limit", [100, 10_000], ids=["too much", "damaged"])
def test_a_zip_that_holds_too_much_or_is_damaged_says_so(
    limit: int, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsroom.formats.archives.MOST_PACKED", limit)
    body = bytearray(b"".join(packed([("articles.jsonl", [many(8)]), ("report.txt", [b"Niente.\n"])])))
    if limit > 100:
        body[120:140] = b"\xff" * 20
    answer = upload(desk, bytes(body), "a.zip")
    assert answer.status_code == 422
    assert ("danneggiato" if limit > 100 else "articles.jsonl: ") in said(answer)


def test_the_file_and_the_report_can_be_had(desk: Client) -> None:
    row, _words = shown(desk, upload(desk, note()))
    desk.post(there(row), {"store": "1"})
    file = desk.get(there(row, "import-file"))
    assert b"".join(file.streaming_content) == note()
    assert file.headers["Content-Type"] == "application/octet-stream"
    report = desk.get(there(row, "import-report")).content.decode()
    for words in ("note.jsonl, letto come doccano", "1 articolo nuovo", "Il ponte 1", row.sha256):
        assert words in report


def test_who_did_what_stands_in_the_log(desk: Client, editor: User) -> None:
    count = Deed.objects.count()
    row, _words = shown(desk, upload(desk, note()))
    desk.post(there(row), {"store": "1"})
    deeds = Deed.objects.order_by("pk")[count:]
    verbs = [deed.verb for deed in deeds]
    assert [verb for verb in verbs if verb.startswith("import.")] == [
        "import.receive",
        "import.read",
        "import.confirm",
        "import.store",
    ]
    assert {deed.actor for deed in deeds} == {editor}


# What is wrong


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"id": "a", "text": "Il ponte.", "label": [[0, 99, "person"]]}', "Riga 1"),
        (note(1) + b"{\n", "Riga 2"),
        (b"\x00\x01", "Nessuno dei formati noti qui legge questo file"),
        (note(1) + note(1), "compare due volte"),
    ],
    ids=["outside the text", "no JSON", "no format", "twice"],
)
def test_a_file_that_cannot_be_read_says_where_and_why(body: bytes, words: str, desk: Client) -> None:
    before = Article.objects.count()
    answer = upload(desk, body, "note.dat" if words.startswith("Nessuno") else "note.jsonl")
    assert answer.status_code == 422
    assert words in said(answer)
    row = Import.objects.latest("pk")
    assert (row.state, Article.objects.count()) == ("failed", before)
    assert default_storage.exists(row.file.name)


def test_the_kept_file_is_read_as_another_format(desk: Client) -> None:
    assert upload(desk, note(), exchange="brat").status_code == 422
    row = Import.objects.latest("pk")
    answer = desk.post(there(row), {"again": "1", "exchange": "doccano", "rights": "ours"})
    row, words = shown(desk, answer)
    assert (row.state, row.rights) == ("read", "ours")
    assert "1 articolo nuovo" in words


def test_other_words_under_a_known_id_are_refused(desk: Client) -> None:
    article = make_article()
    answer = upload(desk, note(id=str(article.uuid)))
    assert answer.status_code == 422
    assert "c’è già, con un altro testo" in said(answer)


def test_a_file_that_is_too_large_is_refused(desk: Client, settings: Settings) -> None:
    settings.UPLOAD_LIMIT = 100
    answer = upload(desk, note() * 3)
    assert answer.status_code == 413
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    "given", [{}, {"exchange": "niente"}, {"rights": "odd"}], ids=["none", "format", "rights"]
)
def test_a_form_that_is_wrong_comes_back(given: dict[str, str], desk: Client) -> None:
    answer = upload(desk, note(), **given) if given else desk.post(PAGE, {"rights": "ours"})
    assert answer.status_code == 422
    assert tree(answer).cssselect(".field-wrong")
    assert not Import.objects.exists()


def test_what_somebody_else_has_gone_on_with_is_said(desk: Client) -> None:
    row = make_import(state="storing", stored_by=User.objects.get(username="editor"))
    answer = desk.post(there(row), {"store": "1"})
    assert answer.status_code == 409
    assert "qualcun altro è andato avanti" in said(answer)


# While it goes on


def many(number: int) -> bytes:
    return b"".join(note(each) for each in range(number))


def test_an_interrupted_import_goes_on_where_it_was(
    desk: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "PORTION", 2)
    row, _words = shown(desk, upload(desk, many(5)))
    imports.confirm(row, by=editor, at=now())
    done = imports.store_portion

    def stopped(row: Import, **given: Any) -> Import:
        if given["start"] == 4:
            raise KeyboardInterrupt
        return done(row, **given)

    monkeypatch.setattr(imports, "store_portion", stopped)
    with pytest.raises(KeyboardInterrupt):
        store_import.call(str(row.uuid), language="it")
    row.refresh_from_db()
    assert (row.state, row.done, row.total) == ("storing", 4, 5)
    page = desk.get(there(row))
    assert "4 articoli su 5 sono registrati" in said(page)
    assert not tree(page).cssselect("[name='go-on']")
    Import.objects.update(moved_at=now() - timedelta(minutes=3))
    assert tree(desk.get(there(row))).cssselect("[name='go-on']")
    monkeypatch.setattr(imports, "store_portion", done)
    desk.post(there(row), {"go-on": "1"})
    row.refresh_from_db()
    assert (row.state, row.done, len(row.report["made"])) == ("stored", 5, 5)


def test_two_workers_store_a_portion_once(desk: Client, editor: User) -> None:
    row, _words = shown(desk, upload(desk, note()))
    row = imports.confirm(row, by=editor, at=now())
    store_import.call(str(row.uuid), language="it")
    number = Deed.objects.count()
    store_import.call(str(row.uuid), language="it")
    assert Deed.objects.count() == number


def test_a_part_that_is_asked_for_anew_reloads_the_page_once_it_is_done(desk: Client) -> None:
    row = make_import(state="waiting", total=0)
    part = desk.get(there(row), headers={"HX-Request": "true"})
    assert b"<html" not in part.content and b"import-waits" in part.content
    Import.objects.filter(pk=row.pk).update(state="failed", message="Riga 1")
    assert desk.get(there(row), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_what_cannot_be_stored_further_says_why_and_what_was(
    desk: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "PORTION", 1)
    other = make_article()
    row, _words = shown(desk, upload(desk, note(1) + note(2, id="b1d0a3de-0000-4000-8000-000000000001")))
    Article.objects.filter(pk=other.pk).update(uuid="b1d0a3de-0000-4000-8000-000000000001")
    desk.post(there(row), {"store": "1"})
    row.refresh_from_db()
    assert (row.state, row.done) == ("failed", 1)
    words = said(desk.get(there(row)))
    assert "con un altro testo" in words and "1 articolo nuovo" in words


# What goes


def test_a_file_that_nobody_wants_is_let_go(desk: Client, django_capture_on_commit_callbacks: Any) -> None:
    row, _words = shown(desk, upload(desk, note()))
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(there(row), {"drop": "1"})
    assert answer.headers["Location"] == PAGE
    assert not Import.objects.exists() and not default_storage.exists(row.file.name)


def test_the_report_stays_when_the_file_goes(
    desk: Client, editor: User, django_capture_on_commit_callbacks: Any
) -> None:
    row, _words = shown(desk, upload(desk, note()))
    desk.post(there(row), {"store": "1"})
    with django_capture_on_commit_callbacks(execute=True):
        imports.clear(row, by=editor, at=now())
    assert "1 articolo nuovo" in said(desk.get(there(row)))
    assert desk.get(there(row, "import-file")).status_code == 404
    assert not default_storage.exists(row.file.name)


# The list, the admin


def test_the_list_asks_as_often_whatever_their_number(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(25):
        make_import()
    with django_assert_max_num_queries(12):
        answer = desk.get(PAGE)
    assert len(tree(answer).cssselect(".lines h3")) == 20


def test_a_report_of_many_articles_asks_as_often(
    desk: Client, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = [str(make_article().uuid) for _number in range(60)]
    row = make_import(state="stored", total=60, done=60, report={"made": made}, stored_by=editor)
    with django_assert_max_num_queries(12):
        answer = desk.get(there(row))
    assert len(tree(answer).cssselect(".lines li")) == 50


def test_the_admin_leads_to_the_page_at_the_desk(desk: Client) -> None:
    row = make_import()
    answer = desk.get(reverse("admin:newsroom_import_change", args=[row.pk]))
    assert there(row) in answer.content.decode()
    assert not tree(answer).cssselect("input[type=file]")


def test_zips_of_other_things_stay_what_they_are(desk: Client) -> None:
    body = b"".join(
        zipped([("a.txt", "Il ponte è chiuso.".encode()), ("a.ann", b"T1\tperson 0 8\tIl ponte\n")])
    )
    row, words = shown(desk, upload(desk, body, "corpus.zip"))
    assert row.exchange == "brat" and "1 nome" in words
    assert io.BytesIO(body).read(2) == b"PK"


def test_the_list_in_the_admin_leads_to_where_files_are_brought_in(desk: Client) -> None:
    page = tree(desk.get(reverse("admin:newsroom_import_changelist")))
    assert [link.get("href") for link in page.cssselect(".object-tools a")] == [PAGE]


def test_a_fault_of_ours_is_said_on_the_page_and_logged(
    desk: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("newsroom.actions.importing.foresee", broken)
    answer = upload(desk, note())
    assert answer.status_code == 422
    assert "per un difetto di questo programma" in said(answer)
    assert "stopped by a fault" in caplog.text


def test_an_export_of_wordpress_is_recognised_and_leaves_alone_what_is_here(desk: Client) -> None:
    body = feeds_made.wxr(*map(feeds_made.post, range(3)))
    row, words = shown(desk, upload(desk, body, "faro.xml"))
    assert (row.exchange, row.total) == ("wxr", 3)
    assert "3 articoli nuovi" in words and "Che era pubblicato: qui comincia come bozza" in words
    desk.post(there(row), {"store": "1"})
    assert Article.objects.filter(slug__startswith="ponte-").count() == 3
    again, words = shown(desk, upload(desk, body.replace("Il ponte è aperto".encode(), b"Altro"), "faro.xml"))
    assert "Articoli che sono già qui con un altro testo, e restano come sono: 3" in words
