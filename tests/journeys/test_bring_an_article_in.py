"""A reporter brings an article in: pasted, as a file, from an address; with JavaScript and without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from newsroom.formats import pictures
from newsroom.formats.incoming import read_text
from newsroom.models import Article, Original, User
from newsroom.tasks.originals import finish_original
from tests.journeys.test_gates import assert_nothing_is_wrong
from tests.local_web import SENTENCE, LocalWeb
from tests.local_web import page as web_page
from tests.making import image, make_original, make_picture
from tests.watched_browser import WatchedBrowser
from tests.word import paragraph, picture, word

SignIn = Callable[[Page, User], None]

NEW = "/desk/articles/new/"
EVERYTHING = (
    f"<h2>I tempi</h2><p>{SENTENCE}</p><blockquote><p>Mai visto.</p></blockquote><ul><li>Uno</li></ul>"
    '<figure><img src="https://a.example/1.png" alt="Il ponte"><figcaption>Il ponte</figcaption></figure>'
    "<table><tbody><tr><th>Anno</th><td>2019</td></tr></tbody></table><pre>x = 1</pre>"
    f'<p><a href="https://example.org/">{SENTENCE}</a></p>'
)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def desk(request: pytest.FixtureRequest, watched: WatchedBrowser, sign_in: SignIn, reporter: User) -> Page:
    """The page where an article is brought in, open before a reporter."""
    page = watched.open(java_script_enabled=request.param)
    sign_in(page, reporter)
    page.goto(NEW)
    return page


def way(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def address_field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Indirizzo", exact=True)


def saved(page: Page) -> Article:
    """The article, once the reporter has saved the preview and stands on its page."""
    page.get_by_role("button", name="Salva come bozza").click()
    expect(page.locator(".strip-preview")).to_be_visible()
    article = Article.objects.latest("pk")
    assert page.url.endswith(reverse("desk:article", args=[article.slug]))
    return article


def test_a_reporter_pastes_a_text(desk: Page) -> None:
    way(desk, "Incolla il testo").get_by_label("Testo", exact=True).fill(f"Il ponte riapre\n\n{SENTENCE}")
    desk.get_by_role("button", name="Mostra come starà").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Anteprima")
    expect(desk.get_by_label("Titolo")).to_have_value("Il ponte riapre")
    expect(desk.locator(".text")).to_contain_text("Secondo i tecnici")
    desk.get_by_label("Firma").fill("Ada Neri")
    desk.get_by_label("Diritti").select_option("ours")
    article = saved(desk)
    assert (article.headline, article.byline, article.lang, article.rights) == (
        "Il ponte riapre",
        "Ada Neri",
        "it",
        "ours",
    )
    expect(desk.locator("[data-o]")).to_have_text(SENTENCE.strip())


def test_a_reporter_uploads_a_word_document_with_a_picture(desk: Page, tmp_path: Path) -> None:
    file = tmp_path / "ponte.docx"
    file.write_bytes(
        word(paragraph("Il ponte riapre", "Title"), paragraph(SENTENCE), picture(), image=image())
    )
    way(desk, "Carica un file").get_by_label("File").set_input_files(file)
    desk.get_by_role("button", name="Carica e mostra").click()
    expect(desk.get_by_label("Titolo")).to_have_value("Il ponte riapre")
    expect(desk.get_by_role("img", name="Il ponte")).to_be_visible()
    article = saved(desk)
    expect(desk.get_by_role("img", name="Il ponte")).to_be_visible()
    assert article.originals.get().file.open().read() == file.read_bytes()


def test_a_reporter_gives_an_address(desk: Page, web: LocalWeb) -> None:
    web.serve("/foto.png", image((400, 300)), content_type="image/png")
    url = web.serve("/ponte", web_page(picture="/foto.png"))
    address_field(desk).fill(url)
    desk.get_by_role("button", name="Prendi e mostra").click()
    expect(desk.get_by_label("Titolo")).to_have_value("Il ponte")
    expect(desk.get_by_label("Indirizzo dell’originale")).to_have_value(url)
    expect(desk.get_by_role("img", name="Il ponte")).to_be_visible()
    assert saved(desk).original_url == url


def test_the_preview_is_put_right_and_looked_at_again(desk: Page) -> None:
    way(desk, "Incolla il testo").get_by_label("Testo", exact=True).fill(SENTENCE)
    desk.get_by_role("button", name="Mostra come starà").click()
    desk.get_by_label("Titolo").fill("Un titolo scritto a mano")
    desk.get_by_text("Modifica il testo").click()
    desk.get_by_label("Testo, in HTML").fill("<p>Un <b>altro</b> testo.</p><script>alert(1)</script>")
    desk.get_by_role("button", name="Mostra di nuovo il testo").click()
    expect(desk.locator(".text strong")).to_have_text("altro")
    expect(desk.get_by_label("Titolo")).to_have_value("Un titolo scritto a mano")
    assert saved(desk).current_revision.text == "Un altro testo."


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(desk: Page) -> None:
    address = address_field(desk)
    address.fill("http://127.0.0.1/segreto")
    desk.get_by_role("button", name="Prendi e mostra").click()
    expect(address).to_have_accessible_description(
        "127.0.0.1 si trova dentro una rete privata: si prendono solo pagine pubbliche."
    )
    expect(address).to_have_value("http://127.0.0.1/segreto")
    expect(address).to_be_focused()

    way(desk, "Incolla il testo").get_by_label("Testo", exact=True).fill(f"Il ponte riapre\n\n{SENTENCE}")
    desk.get_by_role("button", name="Mostra come starà").click()
    desk.get_by_label("Data").fill("ieri")
    desk.get_by_label("Firma").fill("Ada Neri")
    desk.get_by_role("button", name="Salva come bozza").click()
    expect(desk.get_by_label("Data")).to_be_focused()
    expect(desk.get_by_label("Firma")).to_have_value("Ada Neri")
    expect(desk.get_by_role("alert")).to_contain_text("Nulla di ciò che hai scritto è perduto")
    desk.get_by_label("Data").fill("2024-05")
    assert saved(desk).date == "2024-05"


def test_a_file_of_50_megabytes_gets_an_answer(desk: Page, tmp_path: Path) -> None:
    """A server that hung up would leave the browser with an error of its own."""
    file = tmp_path / "ponte.txt"
    file.write_bytes(b"a" * 50_000_000)
    way(desk, "Carica un file").get_by_label("File").set_input_files(file)
    desk.get_by_role("button", name="Carica e mostra").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("È troppo grande")
    desk.get_by_role("link", name="Indietro").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Nuovo articolo")
    assert Original.objects.count() == 0


# While it is waited for


@pytest.fixture
def no_worker(settings: Settings) -> None:
    """Tasks are written down; the test does them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def wait_for(page: Page, url: str) -> None:
    address_field(page).fill(url)
    page.get_by_role("button", name="Prendi e mostra").click()
    expect(page.get_by_role("status")).to_contain_text("La pagina è in arrivo")


def test_a_page_that_arrives_is_shown_without_a_touch(
    page: Page, sign_in: SignIn, reporter: User, web: LocalWeb, no_worker: None
) -> None:
    sign_in(page, reporter)
    page.goto(NEW)
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        wait_for(page, web.serve("/ponte", web_page()))
    expect(page.get_by_role("status")).to_be_visible()
    finish_original.call(str(Original.objects.get().uuid), language="it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anteprima")
    expect(page.get_by_label("Titolo")).to_have_value("Il ponte")


def test_without_javascript_the_page_is_asked_for_again(
    watched: WatchedBrowser, sign_in: SignIn, reporter: User, web: LocalWeb, no_worker: None
) -> None:
    page = watched.open(java_script_enabled=False)
    sign_in(page, reporter)
    page.goto(NEW)
    wait_for(page, web.url("/altrove"))
    finish_original.call(str(Original.objects.get().uuid), language="it")
    page.get_by_role("link", name="Guarda ora").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Non si è potuto avere")
    page.get_by_role("link", name="Riprova").click()
    expect(address_field(page)).to_have_value(web.url("/altrove"))


# The gates


def brought() -> Original:
    """One of everything that a text may have, with a picture and a warning."""
    original = make_original()
    draft = read_text(EVERYTHING, "html").warned("Controlla che gli accenti siano giusti.")
    places = {"https://a.example/1.png": make_picture(original).get_absolute_url()}
    original.draft = draft.to_data() | {"html": pictures.placed(draft.html, places)}
    original.save()
    return original


def at_the_ways(page: Page) -> None:
    page.goto(NEW)


def at_a_refusal(page: Page) -> None:
    page.goto(NEW)
    address_field(page).fill("http://127.0.0.1/")
    page.get_by_role("button", name="Prendi e mostra").click()
    expect(page.locator(".errorlist")).to_be_visible()


def at_the_preview(page: Page) -> None:
    page.goto(f"{NEW}{brought().code}/")
    expect(page.get_by_role("img", name="Il ponte")).to_be_visible()
    page.get_by_text("Modifica il testo").click()


def at_a_wrong_preview(page: Page) -> None:
    at_the_preview(page)
    page.get_by_label("Data").fill("ieri")
    page.get_by_role("button", name="Salva come bozza").click()
    expect(page.locator(".errorlist")).to_be_visible()


def at_the_waiting(page: Page) -> None:
    address = f"https://giornale.example/{'a' * 200}"
    waiting = make_original(kind="address", state="waiting", address=address, draft=None)
    page.goto(f"{NEW}{waiting.code}/")


def at_the_failed(page: Page) -> None:
    failed = make_original(
        kind="address", state="failed", address="https://a.example/", message="Non risponde."
    )
    page.goto(f"{NEW}{failed.code}/")


@pytest.mark.parametrize(
    "arrive",
    [at_the_ways, at_a_refusal, at_the_preview, at_a_wrong_preview, at_the_waiting, at_the_failed],
    ids=lambda arrive: arrive.__name__,
)
def test_nothing_is_wrong_with_a_page_in_any_look(
    page: Page, sign_in: SignIn, reporter: User, arrive: Callable[[Page], None]
) -> None:
    sign_in(page, reporter)
    arrive(page)
    assert_nothing_is_wrong(page)
