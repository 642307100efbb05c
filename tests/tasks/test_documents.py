"""Copies are fetched and addresses looked at again, behind the same bounds as an article's address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import Settings

from newsroom.actions import documents
from newsroom.models import DocumentCheck, StoredCopy, User
from newsroom.tasks.documents import finish_check, finish_copy
from tests.local_web import SENTENCE, Handler, LocalWeb, page
from tests.making import LATER, make_appearance, make_document, make_evidence, make_review

pytestmark = pytest.mark.django_db

Copy = Callable[[str], StoredCopy]
Look = Callable[[], DocumentCheck]


@pytest.fixture
def copy(reporter: User) -> Copy:
    """`copy(address)`: what became of a copy that the reporter asked for."""

    def ask(address: str) -> StoredCopy:
        asked = documents.ask_for_copy(make_document(url=address), by=reporter, at=LATER)
        finish_copy.enqueue(str(asked.uuid), language="it")
        asked.refresh_from_db()
        return asked

    return ask


def test_a_page_is_kept_with_its_words(web: LocalWeb, copy: Copy, reporter: User) -> None:
    source = page()
    kept = copy(web.serve("/atto", source))
    assert (kept.state, kept.message, kept.by) == ("kept", "", reporter)
    assert kept.file.open().read() == source.encode()
    assert SENTENCE.strip() in kept.text


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda web: web.url("/altrove"), "404"),
        (lambda web: web.redirect("/a", "http://127.0.0.1/"), "127.0.0.1 si trova dentro una rete privata"),
        (lambda web: web.redirect("/a", "http://[::1]/"), "rete privata"),
        (lambda web: "http://10.0.0.1/", "10.0.0.1 si trova dentro una rete privata"),
        (lambda web: web.serve("/p", b"%PDF", content_type="application/pdf"), "application/pdf"),
        (lambda web: web.serve("/p", b"%PDF-1.7", content_type="text/plain"), "non è un testo"),
        (lambda web: web.serve("/p", "<html><body></body></html>"), "Non contiene testo"),
        (lambda web: web.serve("/p", b"a" * 200_000, content_type="text/plain"), "supera"),
    ],
)
def test_what_cannot_be_had_says_why_and_keeps_nothing(
    web: LocalWeb, copy: Copy, settings: Settings, make: Callable[[LocalWeb], str], words: str
) -> None:
    settings.UPLOAD_LIMIT = 100_000
    failed = copy(make(web))
    assert failed.state == "failed" and words in failed.message
    assert not failed.file and failed.sha256 == ""


@pytest.fixture
def look(web: LocalWeb, reporter: User) -> Look:
    """`look()`: what a look at /atto found, whose quoted words are evidence under a published review."""
    appearance = make_appearance()
    document = make_document(url=web.url("/atto"))
    make_evidence(appearance.claim, document=document, quotation=SENTENCE.strip())
    make_review(appearance)

    def ask() -> DocumentCheck:
        check = documents.ask_for_check(document, by=reporter, at=LATER)
        finish_check.enqueue(str(check.uuid), language="it")
        check.refresh_from_db()
        return check

    return ask


def test_a_page_is_looked_at_from_its_first_copy_to_its_end(web: LocalWeb, look: Look) -> None:
    web.serve("/atto", page())
    assert look().finding == "first"
    web.serve(
        "/atto", page(more="<p>Leggi anche: il tram torna in centro.</p>").replace("<body>", "<body>Menù")
    )
    assert look().finding == "unchanged"
    web.serve("/atto", page().replace(SENTENCE, SENTENCE.replace("finite", "sospese")))
    drifted = look()
    assert (drifted.finding, len(drifted.lost)) == ("drifted", 1)
    assert look().finding == "unchanged"
    del web.pages["/atto"]
    gone = look()
    assert (gone.finding, "404" in gone.message) == ("gone", True)


def status(number: int) -> Callable[[Handler], None]:
    return lambda handler: handler.send_error(number)


@pytest.mark.parametrize(
    ("number", "finding"), [(404, "gone"), (410, "gone"), (403, "unreached"), (503, "unreached")]
)
def test_only_a_site_that_says_so_lost_a_page(web: LocalWeb, look: Look, number: int, finding: str) -> None:
    web.pages["/atto"] = status(number)
    assert look().finding == finding


def test_a_redirect_into_the_private_network_is_no_finding(web: LocalWeb, look: Look) -> None:
    web.redirect("/atto", "http://127.0.0.1/")
    found = look()
    assert found.finding == "unreached" and "rete privata" in found.message


def test_a_fault_of_ours_is_said_and_not_hidden(
    web: LocalWeb, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.serve("/atto", page())
    monkeypatch.setattr("newsroom.tasks.documents.fetch", lambda *_: 1 / 0)
    assert look().finding == "unreached"


def test_what_is_done_already_is_left_as_it_is(web: LocalWeb, look: Look) -> None:
    web.serve("/atto", page())
    check = look()
    web.asked.clear()
    finish_check.enqueue(str(check.uuid), language="it")
    assert web.asked == []
