"""What an address leads to is fetched, read and kept; what goes wrong is said, nothing stays by halves."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from django.utils import translation
from pytest_django import Settings

from newsroom.actions import originals
from newsroom.formats.draft import Draft
from newsroom.formats.incoming import read_text
from newsroom.models import Deed, Original, Picture, User
from newsroom.tasks.originals import finish_original, illustrated
from tests.local_web import SENTENCE, LocalWeb, page
from tests.making import LATER, image
from tests.word import paragraph, word

pytestmark = pytest.mark.django_db

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def bring(reporter: User) -> Callable[[str], Original]:
    """`bring(address)`: what became of an address that the reporter gave."""

    def receive(address: str) -> Original:
        original = originals.receive(kind="address", address=address, by=reporter, at=LATER)
        finish_original.enqueue(str(original.uuid), language="it")
        original.refresh_from_db()
        return original

    return receive


def test_a_page_becomes_a_draft(web: LocalWeb, bring: Callable[[str], Original], reporter: User) -> None:
    source = page()
    original = bring(web.serve("/ponte", source))
    draft = Draft.from_data(original.draft)
    assert (original.state, original.message) == ("ready", "")
    assert (draft.headline, draft.html) == ("Il ponte", f"<p>{(SENTENCE * 4).strip()}</p>")
    assert draft.canonical_url == web.url("/ponte")
    assert original.file.open().read() == source.encode()
    assert original.content_type == "text/html"
    assert list(
        Deed.objects.filter(actor=reporter, verb__startswith="original.").values_list("verb", flat=True)
    ) == [
        "original.read",
        "original.receive",
    ]


def test_a_text_a_markdown_and_a_word_document_are_read_too(
    web: LocalWeb, bring: Callable[[str], Original]
) -> None:
    for path, body, content_type in (
        ("/a.txt", SENTENCE, "text/plain"),
        ("/a.md", f"**{SENTENCE.strip()}**", "text/markdown"),
        ("/a.docx", word(paragraph(SENTENCE)), DOCX),
    ):
        original = bring(web.serve(path, body, content_type=content_type))
        draft = Draft.from_data(original.draft)
        assert draft.document.text == SENTENCE.strip()
        assert draft.canonical_url == web.url(path)


def test_a_page_in_latin_1_is_read_by_what_it_declares(
    web: LocalWeb, bring: Callable[[str], Original]
) -> None:
    url = web.serve("/", page().encode("latin-1"), content_type="text/html; charset=iso-8859-1")
    assert "può essere riaperto" in bring(url).draft["html"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda web: web.url("/altrove"), "404"),
        (lambda web: web.redirect("/a", "http://127.0.0.1/"), "127.0.0.1 si trova dentro una rete privata"),
        (lambda web: web.redirect("/a", "http://localhost/"), "localhost si trova dentro una rete privata"),
        (lambda web: "http://localhost/", "localhost si trova dentro una rete privata"),
        (lambda web: "http://10.0.0.1/", "10.0.0.1 si trova dentro una rete privata"),
        (lambda web: web.serve("/p", b"%PDF", content_type="application/pdf"), "application/pdf"),
        (lambda web: web.serve("/p", b"%PDF-1.7", content_type="text/plain"), "non è un testo"),
        (lambda web: web.serve("/p", "<html><body></body></html>"), "non si è trovato il testo"),
        (lambda web: web.serve("/p", b"", content_type="text/plain"), "Non contiene testo"),
    ],
    ids=[
        "not there",
        "redirect to this machine",
        "redirect to a name of this machine",
        "a name of this machine",
        "a private address",
        "a PDF",
        "a PDF that says it is text",
        "an empty page",
        "nothing",
    ],
)
def test_what_goes_wrong_is_said_and_nothing_is_kept_of_it(
    web: LocalWeb, bring: Callable[[str], Original], make: Callable[[LocalWeb], str], words: str
) -> None:
    original = bring(make(web))
    assert original.state == "failed"
    assert words in original.message
    assert (original.draft, original.file.name, original.sha256) == (None, "", "")


def test_a_page_larger_than_the_limit_is_refused(
    web: LocalWeb, bring: Callable[[str], Original], settings: Settings
) -> None:
    settings.UPLOAD_LIMIT = 300
    assert "supera 300" in bring(web.serve("/", page())).message.replace("\xa0", " ")


def test_the_reason_is_in_the_language_of_who_asked(web: LocalWeb, reporter: User) -> None:
    original = originals.receive(kind="address", address=web.url("/altrove"), by=reporter, at=LATER)
    with translation.override("it"):
        finish_original.enqueue(str(original.uuid), language="en")
    original.refresh_from_db()
    assert "answered 404 instead of the page" in original.message


def test_what_was_read_is_not_read_again(web: LocalWeb, bring: Callable[[str], Original]) -> None:
    original = bring(web.serve("/", page()))
    finish_original.call(str(original.uuid), language="it")
    finish_original.call("00000000-0000-4000-8000-000000000000", language="it")
    assert len(web.asked) == 1


def test_a_fault_of_ours_is_said_and_not_hidden(
    web: LocalWeb, reporter: User, caplog: pytest.LogCaptureFixture
) -> None:
    """The draft that waits is spoilt, as only a fault of the program can spoil it."""
    original = originals.receive(
        kind="paste", body=b"a", draft={"nonsense": 1}, waits=True, by=reporter, at=LATER
    )
    finish_original.enqueue(str(original.uuid), language="it")
    original.refresh_from_db()
    assert original.state == "failed"
    assert "difetto di questo programma" in original.message
    assert "TypeError" in caplog.text or "KeyError" in caplog.text


# Pictures


def test_the_pictures_of_a_page_are_copied(web: LocalWeb, bring: Callable[[str], Original]) -> None:
    web.serve("/ponte.png", image(), content_type="image/png")
    original = bring(web.serve("/", page(picture="/ponte.png")))
    picture = original.pictures.get()
    assert (picture.address, picture.width, picture.height) == (web.url("/ponte.png"), 80, 60)
    assert f'<img src="{picture.get_absolute_url()}" alt="Il ponte">' in original.draft["html"]
    assert original.draft["warnings"] == []


@pytest.mark.parametrize(
    "make",
    [
        lambda web: web.url("/altrove.png"),
        lambda web: "http://127.0.0.1/segreto.png",
        lambda web: web.redirect("/a.png", "http://localhost/segreto.png"),
        lambda web: web.serve("/a.png", "<svg/>", content_type="image/svg+xml"),
        lambda web: web.serve("/a.png", b"\x89PNG", content_type="image/png"),
        lambda web: web.serve("/a.png", image((1, 1)), content_type="image/png"),
    ],
    ids=["not there", "this machine", "redirect to this machine", "SVG", "broken", "a dot"],
)
def test_a_picture_that_cannot_be_had_is_left_out_with_a_word(
    web: LocalWeb, bring: Callable[[str], Original], make: Callable[[LocalWeb], str]
) -> None:
    original = bring(web.serve("/", page(picture=make(web))))
    assert original.state == "ready"
    assert original.draft["warnings"] == ["1 immagine non si è potuta avere ed è stata tolta."]
    assert "<img" not in original.draft["html"]
    assert original.pictures.count() == 0


def test_pictures_that_came_along_need_no_network(reporter: User) -> None:
    data = base64.b64encode(image()).decode()
    draft = read_text(f'<p>Il ponte.</p><img src="data:image/png;base64,{data}">', "html")
    found = illustrated(draft, from_the_web=False)
    assert (found.waits, len(found.pictures)) == (False, 1)
    assert found.pictures[0].get_absolute_url() in found.draft.html


def test_pictures_on_the_web_are_waited_for(web: LocalWeb, reporter: User) -> None:
    data = base64.b64encode(image()).decode()
    url = web.serve("/ponte.png", image(), content_type="image/png")
    source = f'<p>Il ponte.</p><img src="data:image/png;base64,{data}"><p>Poi.</p><img src="{url}">'
    found = illustrated(read_text(source, "html"), from_the_web=False)
    assert (found.waits, len(found.pictures)) == (True, 1)
    original = originals.receive(
        kind="paste", body=source.encode(), draft=found.draft.to_data(), waits=True, pictures=found.pictures,
        by=reporter, at=LATER,
    )  # fmt: skip
    finish_original.enqueue(str(original.uuid), language="it")
    original.refresh_from_db()
    assert original.state == "ready"
    for picture in Picture.objects.filter(original=original):
        assert picture.get_absolute_url() in original.draft["html"]
    assert original.pictures.count() == 2
    assert url not in original.draft["html"]


def test_there_is_an_end_to_pictures(reporter: User) -> None:
    data = base64.b64encode(image()).decode()
    source = "".join(
        f'<p>{n}</p><img src="data:image/png;base64,{data}{" " * n}" alt="{n}">' for n in range(31)
    )
    found = illustrated(read_text(source, "html"), from_the_web=False)
    assert len(found.pictures) == 30
    assert found.draft.warnings == ("1 immagine non si è potuta avere ed è stata tolta.",)
