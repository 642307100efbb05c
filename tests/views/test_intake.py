"""How an article comes in: three ways, a preview, a draft; and what is refused, with its reason."""

from __future__ import annotations

import io
import re
import zipfile
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
from lxml import html
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.models import Article, Deed, Original, Picture, Revision, User
from newsroom.tasks.originals import finish_original
from tests.local_web import SENTENCE, LocalWeb, page
from tests.making import HTML, image, make_article, make_original, make_picture
from tests.reading import faults, tree
from tests.word import paragraph, word

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]

NEW = "/desk/articles/new/"
TEXT = "Il ponte è chiuso\n\nPerché il ponte è chiuso? La città non lo sa, e nessuno lo dice ai cittadini."


@pytest.fixture
def desk(signed_in: SignedIn, reporter: User) -> Client:
    return signed_in(reporter)


def paste(client: Client, text: str = TEXT, markup: str = "text", **given: Any) -> HttpResponse:
    return client.post(NEW, {"way": "paste", "text": text, "markup": markup}, **given)


def upload(client: Client, name: str, body: bytes) -> HttpResponse:
    return client.post(NEW, {"way": "file", "file": SimpleUploadedFile(name, body)})


def fetch(client: Client, address: str) -> HttpResponse:
    return client.post(NEW, {"way": "address", "address": address})


def preview_of(answer: HttpResponse) -> str:
    """The address of the preview that was redirected to."""
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def filled(client: Client, address: str) -> dict[str, str]:
    """The fields of the preview as a browser would send them back: without the line end that opens a text."""
    form = tree(client.get(address)).forms[0]
    return {name: (value or "").removeprefix("\n") for name, value in form.form_values()}


def save(client: Client, address: str, **changes: str) -> HttpResponse:
    return client.post(address, filled(client, address) | {"save": "1"} | changes)


def kept() -> tuple[int, ...]:
    """How much there is of everything that an intake could leave behind."""
    files = [
        len(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else 0
        for folder in ("originals", "pictures")
    ]
    models = (Original, Picture, Article, Revision, Deed)
    return (*files, *(model.objects.count() for model in models))


def refusal(answer: HttpResponse, *, status: int = 422) -> str:
    """The words beside the field that is wrong."""
    assert answer.status_code == status
    assert faults(answer) == []
    return " ".join(tree(answer).xpath("string(//*[contains(@class, 'field-wrong')]//ul)").split())


# Who


@pytest.mark.parametrize("who", ["reporter", "checker", "editor"])
def test_the_page_is_for_the_desk(signed_in: SignedIn, who: str) -> None:
    answer = signed_in(User.objects.get(username=who)).get(NEW)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert faults(answer) == []


def addresses() -> list[str]:
    code = make_original().code
    return [NEW, f"{NEW}{code}/", f"{NEW}{code}/file/"]


def test_the_front_page_of_the_desk_leads_here_and_tells_of_it(desk: Client) -> None:
    paste(desk)
    front = tree(desk.get("/desk/"))
    assert NEW in front.xpath("//main//a/@href")
    assert "ha portato un testo" in front.xpath("string(//main)")


def test_a_reader_is_sent_to_sign_in(reader: Client) -> None:
    for address in addresses():
        answer = reader.get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("admin:login"))
        assert reader.post(address).status_code in (302, 405)


def test_a_page_that_asks_again_when_the_session_has_ended_leads_to_sign_in(reader: Client) -> None:
    answer = reader.get(addresses()[1], headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert f'href="{reverse("admin:login")}?next=' in answer.content.decode()


def test_who_may_not_add_articles_is_refused(signed_in: SignedIn) -> None:
    stranger = User.objects.create(username="layout", is_staff=True)
    for address in addresses():
        assert signed_in(stranger).get(address).status_code == 403
    assert paste(signed_in(stranger)).status_code == 403


def test_a_form_needs_its_token(reporter: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter)
    before = kept()
    assert paste(client).status_code == 403
    code = make_original().code
    assert client.post(f"{NEW}{code}/", {"save": "1"}).status_code == 403
    assert kept()[2:] == (before[2] + 1, *before[3:])
    token = tree(client.get(NEW)).xpath("string(//input[@name='csrfmiddlewaretoken']/@value)")
    answer = client.post(NEW, {"way": "paste", "text": TEXT, "markup": "text", "csrfmiddlewaretoken": token})
    assert answer.status_code == 302


@pytest.mark.parametrize("way", ["", "smoke signals"])
def test_there_are_three_ways(desk: Client, way: str) -> None:
    assert desk.post(NEW, {"way": way}).status_code == 404


# From beginning to end


def test_a_pasted_text_becomes_a_draft_article(desk: Client, reporter: User) -> None:
    preview = preview_of(paste(desk))
    answer = desk.get(preview)
    assert (answer.status_code, answer["Cache-Control"], faults(answer)) == (200, "private, no-store", [])
    found = tree(answer)
    assert "Perché il ponte è chiuso?" in found.xpath("string(//*[@class='text'])")
    assert found.xpath("//*[@class='text']/@lang") == ["it"]
    assert "Dedotta dalle parole" in found.xpath("string(//*[@id='id_lang_helptext'])")

    answer = save(desk, preview, byline="Ada Neri", date="2024-05", rights="ours")
    article = Article.objects.latest("pk")
    assert answer["Location"] == reverse("desk:article", args=[article.slug])
    assert desk.get(answer["Location"]).status_code == 200
    assert (article.headline, article.byline, article.date) == ("Il ponte è chiuso", "Ada Neri", "2024-05")
    assert (article.lang, article.rights, article.published_at) == ("it", "ours", None)
    assert article.current_revision.text.startswith("Perché il ponte è chiuso?")
    original = article.originals.get()
    assert (original.kind, original.state, original.by) == ("paste", "used", reporter)
    assert original.file.open().read().decode() == TEXT


@pytest.mark.parametrize(
    ("name", "body", "content_type"),
    [
        ("ponte.txt", TEXT.encode(), "text/plain"),
        ("ponte.md", f"# Il ponte è chiuso\n\n{SENTENCE}".encode(), "text/markdown"),
        ("ponte.html", page().encode(), "text/html"),
        (
            "ponte.docx",
            word(paragraph("Il ponte è chiuso", "Title"), paragraph(SENTENCE)),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_a_file_becomes_a_draft_article_and_stays_attached(
    desk: Client, name: str, body: bytes, content_type: str
) -> None:
    preview = preview_of(upload(desk, name, body))
    assert filled(desk, preview)["headline"].startswith("Il ponte")
    save(desk, preview)
    original = Article.objects.latest("pk").originals.get()
    assert (original.file_name, original.content_type, original.size) == (name, content_type, len(body))
    answer = desk.get(f"{preview}file/")
    assert b"".join(answer.streaming_content) == body
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_page_of_the_web_becomes_a_draft_article(desk: Client, web: LocalWeb) -> None:
    web.serve("/ponte.png", image(), content_type="image/png")
    preview = preview_of(fetch(desk, web.serve("/ponte", page(picture="/ponte.png"))))
    fields = filled(desk, preview)
    assert (fields["headline"], fields["lang"]) == ("Il ponte", "it")
    assert (fields["original_url"], fields["rights"]) == (web.url("/ponte"), "quotation")
    save(desk, preview)
    article = Article.objects.latest("pk")
    picture = article.originals.get().pictures.get()
    assert f'<img src="{picture.get_absolute_url()}" alt="Il ponte">' in article.current_revision.html


def test_an_address_may_be_typed_without_its_scheme(desk: Client, web: LocalWeb) -> None:
    """It means https, and this server has none."""
    answer = fetch(desk, web.url("/ponte").removeprefix("http://"))
    assert "non risponde" in refusal(answer)
    assert Original.objects.get().address == web.url("/ponte").replace("http://", "https://")


# What is put right in the preview


def test_all_that_is_known_can_be_put_right(desk: Client) -> None:
    changes = {
        "headline": "Il ponte\nriapre",
        "standfirst": "Che cosa si sa.",
        "byline": "Ada Neri",
        "publisher": "Il Giornale",
        "date": "2024-05-06",
        "lang": "en",
        "original_url": "https://giornale.example/ponte",
        "rights": "licensed",
        "body": "<p>Un altro <b>testo</b>.</p>",
    }
    save(desk, preview_of(paste(desk)), **changes)
    article = Article.objects.latest("pk")
    assert {name: getattr(article, name) for name in changes if name != "body"} == {
        **{name: value for name, value in changes.items() if name != "body"},
        "headline": "Il ponte riapre",
    }
    assert article.current_revision.html == "<p>Un altro <strong>testo</strong>.</p>"


def test_the_changed_text_is_shown_before_it_is_saved(desk: Client) -> None:
    preview = preview_of(paste(desk))
    before = kept()
    typed = filled(desk, preview) | {"body": "<p>Un altro <b onclick=x>testo</b>.</p>", "headline": "Altro"}
    answer = desk.post(preview, typed | {"show": "1"})
    found = tree(answer)
    assert (answer.status_code, kept()) == (200, before)
    assert html.tostring(found.xpath("//*[@class='text']")[0], encoding="unicode").count("<strong>") == 1
    assert found.xpath("string(//*[@id='id_headline'])").strip() == "Altro"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"headline": " "}, "headline"),
        ({"date": "ieri"}, "date"),
        ({"original_url": "nonsense"}, "original_url"),
        ({"lang": "klingon"}, "lang"),
        ({"rights": "odd"}, "rights"),
        ({"body": "<script>alert(1)</script>"}, "body"),
        ({"body": "<div>" * 1000 + "a"}, "body"),
        ({"byline": "a" * 201}, "byline"),
    ],
)
def test_an_invalid_preview_is_422_and_nothing_typed_is_lost(
    desk: Client, changes: dict[str, str], field: str
) -> None:
    preview = preview_of(paste(desk))
    before = kept()
    typed = filled(desk, preview) | {"standfirst": "Scritto a mano.", "save": "1"} | changes
    answer = desk.post(preview, typed)
    assert refusal(answer)
    found = tree(answer)
    assert found.xpath(f"//*[@id='id_{field}']/@aria-invalid") == ["true"]
    assert found.xpath(f"//*[@id='id_{field}']/@autofocus")
    assert found.xpath("string(//*[@id='id_standfirst'])").strip() == "Scritto a mano."
    assert kept() == before
    assert Original.objects.get().state == "ready"


def test_a_language_that_is_not_on_the_list_is_offered_if_it_was_declared(desk: Client) -> None:
    preview = preview_of(paste(desk, f"---\nlang: it-CH\n---\n\n{SENTENCE}", "markdown"))
    assert filled(desk, preview)["lang"] == "it-CH"
    save(desk, preview, headline="Il ponte")
    assert Article.objects.latest("pk").lang == "it-CH"


def test_languages_are_named_in_the_language_of_the_page(desk: Client) -> None:
    preview = preview_of(paste(desk))
    for prefix, name in (("", "Tedesco"), ("/en", "German")):
        assert tree(desk.get(f"{prefix}{preview}")).xpath("string(//option[@value='de'])") == name


def test_a_picture_of_another_site_is_no_part_of_an_article(desk: Client) -> None:
    preview = preview_of(paste(desk))
    ours = make_picture(Original.objects.get()).get_absolute_url()
    other = make_picture().get_absolute_url()
    body = "<p>Testo.</p>" + "".join(f'<img src="{src}">' for src in (ours, other, "https://a.example/b.png"))
    save(desk, preview, body=body)
    assert re.findall('src="(.*?)"', Article.objects.latest("pk").current_revision.html) == [ours]


def test_a_draft_is_saved_once(desk: Client) -> None:
    preview = preview_of(paste(desk))
    typed = filled(desk, preview) | {"save": "1"}
    first, second = desk.post(preview, typed), desk.post(preview, typed)
    assert first["Location"] == second["Location"]
    assert Article.objects.filter(headline="Il ponte è chiuso").count() == 1
    assert desk.get(preview)["Location"] == first["Location"]


def test_an_unknown_preview_is_not_found(desk: Client) -> None:
    for code in ("0000000000", "nonsense"):
        assert desk.get(f"{NEW}{code}/").status_code == 404
        assert desk.get(f"{NEW}{code}/file/").status_code == 404


# What is refused


def zip_bomb() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 100_000_000)
    return body.getvalue()


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("ponte.pdf", b"%PDF-1.7", "non è un testo"),
        ("ponte.exe", b"MZ", "non è un testo"),
        ("ponte.txt", b"%PDF-1.7", "non è un testo"),
        ("ponte.docx", TEXT.encode(), "non è un testo"),
        ("ponte.docx", b"PK\x03\x04 rotto", "danneggiato"),
        ("ponte.docx", zip_bomb(), "Scompattato"),
        ("ponte.docx", word(paragraph("")), "Non contiene testo"),
        ("ponte.txt", b"", "Non contiene testo"),
        ("ponte.html", b"<html><body></body></html>", "non si è trovato il testo"),
        ("ponte.html", b"<p>a</p>" * 30_000, "troppo lungo o troppo intricato"),
    ],
    ids=[
        "a PDF",
        "a program",
        "a PDF that is called .txt",
        "a text that is called .docx",
        "a broken docx",
        "a zip bomb",
        "an empty docx",
        "an empty text",
        "an empty page",
        "an endless page",
    ],
)
def test_a_file_that_is_refused_stores_nothing_and_says_why(
    desk: Client, name: str, body: bytes, words: str
) -> None:
    before = kept()
    assert words in refusal(upload(desk, name, body))
    assert kept() == before


def test_a_text_in_latin_1_is_read_and_the_guess_is_said(desk: Client) -> None:
    preview = preview_of(upload(desk, "ponte.txt", TEXT.encode("latin-1")))
    found = tree(desk.get(preview))
    assert "Perché il ponte è chiuso?" in found.xpath("string(//*[@class='text'])")
    assert "windows-1252" in found.xpath("string(//*[@class='warnings'])")


def test_html_full_of_scripts_is_cleaned_and_it_is_said(desk: Client) -> None:
    source = (
        '<h1>Il ponte</h1><script>alert(1)</script><p onclick="alert(2)">È <b style="color:red">chiuso</b>.'
        '<iframe src="//evil.example"></iframe><a href="javascript:alert(3)">qui</a></p>'
        '<img src=x onerror="alert(4)"><svg onload="alert(5)"></svg>'
    )
    preview = preview_of(paste(desk, source, "html"))
    answer = desk.get(preview)
    assert "Gli script" in tree(answer).xpath("string(//*[@class='warnings'])")
    shown = html.tostring(tree(answer).xpath("//*[@class='text']")[0], encoding="unicode")
    save(desk, preview)
    for text in (shown, Article.objects.latest("pk").current_revision.html):
        assert "È <strong>chiuso</strong>.qui" in text
        for trace in ("script", "alert", "onclick", "onerror", "svg", "iframe", "style"):
            assert trace not in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "", "markup": "text"}, "obbligatorio"),
        ({"text": " \n ", "markup": "text"}, "Non contiene testo"),
        ({"text": "<script>alert(1)</script>", "markup": "html"}, "Non contiene testo"),
        ({"text": TEXT, "markup": "odd"}, "odd"),
        ({"text": "parola " * 150_000, "markup": "text"}, "troppo lungo"),
    ],
)
def test_a_paste_that_is_refused_is_422_and_nothing_typed_is_lost(
    desk: Client, fields: dict[str, str], words: str
) -> None:
    before = kept()
    answer = desk.post(NEW, {"way": "paste"} | fields)
    assert words in refusal(answer)
    assert tree(answer).xpath("string(//textarea[@name='text'])").strip() == fields["text"].strip()
    assert kept() == before


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://giornale.example/", "http"),
        ("http://ada:hush@giornale.example/", "password"),
        ("http://giornale.example:22/", "porta 22"),
        ("http://127.0.0.1/", "rete privata"),
        ("http://localhost/", "rete privata"),
        ("http://[::1]/", "rete privata"),
        ("http://169.254.169.254/latest/", "rete privata"),
        ("nonsense", "URL"),
    ],
)
def test_an_address_that_is_refused_is_422_with_the_reason_and_stores_nothing(
    desk: Client, address: str, words: str
) -> None:
    before = kept()
    answer = fetch(desk, address)
    assert words in refusal(answer)
    assert tree(answer).xpath("string(//input[@name='address']/@value)") == address
    assert kept() == before


def test_a_redirect_to_this_machine_is_refused_and_nothing_of_it_is_kept(desk: Client, web: LocalWeb) -> None:
    before = kept()
    url = web.redirect("/ponte", "http://127.0.0.1/segreto")
    answer = fetch(desk, url)
    assert "127.0.0.1 si trova dentro una rete privata" in refusal(answer)
    assert tree(answer).xpath("string(//input[@name='address']/@value)") == url
    original = Original.objects.get()
    assert (original.state, original.draft, original.file.name) == ("failed", None, "")
    # That it was tried is on record: one row, and two deeds of it.
    assert kept() == (*before[:2], before[2] + 1, *before[3:6], before[6] + 2)


def test_a_name_that_resolves_to_this_machine_is_refused_by_the_system_resolver(desk: Client) -> None:
    assert "localhost si trova" in refusal(fetch(desk, "https://localhost/"))


# What is too large


def test_a_file_over_the_limit_is_413(desk: Client, settings: Settings) -> None:
    settings.UPLOAD_LIMIT = 1000
    before = kept()
    assert "supera 1000" in refusal(upload(desk, "ponte.txt", b"a" * 1001), status=413).replace("\xa0", " ")
    assert kept() == before
    assert upload(desk, "ponte.txt", b"a " * 500).status_code == 302


def test_a_file_of_50_megabytes_is_413_and_says_how_large_one_may_be(desk: Client) -> None:
    before = kept()
    answer = upload(desk, "ponte.txt", b"a" * 50_000_000)
    assert (answer.status_code, faults(answer)) == (413, [])
    said = tree(answer).xpath("string(//main)").replace("\xa0", " ")
    assert "Un file può avere 10,0 MB" in said
    assert kept() == before


def test_a_pasted_text_over_the_limit_is_413(desk: Client) -> None:
    before = kept()
    for answer in (
        paste(desk, "a" * 3_000_000),
        desk.post(f"{NEW}{make_original().code}/", {"body": "a" * 3_000_000, "save": "1"}),
    ):
        assert (answer.status_code, faults(answer)) == (413, [])
    assert kept()[3:] == before[3:]


# While it is waited for


@pytest.fixture
def no_worker(settings: Settings) -> None:
    """Tasks are written down and done by nobody."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def test_a_page_that_is_being_fetched_says_so_and_then_shows_the_preview(
    desk: Client, web: LocalWeb, no_worker: None
) -> None:
    preview = preview_of(fetch(desk, web.serve("/", page())))
    answer = desk.get(preview)
    assert (answer.status_code, faults(answer), answer["Cache-Control"]) == (200, [], "private, no-store")
    found = tree(answer)
    assert found.xpath("//*[@role='status']/@hx-get") == [preview]
    assert preview in found.xpath("//*[@role='status']//a/@href")
    part = desk.get(preview, headers={"HX-Request": "true"})
    assert (part.status_code, part.content.decode().count("<html")) == (200, 0)
    assert "HX-Refresh" not in part

    finish_original.call(str(Original.objects.get().uuid), language="it")
    assert desk.get(preview, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert filled(desk, preview)["headline"] == "Il ponte"


def test_what_a_stopped_worker_left_waiting_is_asked_for_again(
    desk: Client, reporter: User, web: LocalWeb
) -> None:
    there = web.serve("/", page())
    original = make_original(
        kind="address", state="waiting", address=there, draft=None, by=reporter, at=now()
    )
    preview = f"{NEW}{original.code}/"
    assert not tree(desk.get(preview)).xpath("//button[@name='again']")
    Original.objects.update(at=now() - timedelta(minutes=3))
    answer = desk.get(preview)
    assert faults(answer) == []
    assert tree(answer).xpath("string(//button[@name='again'])") == "Scarica di nuovo"
    assert desk.post(preview, {"again": "1"})["Location"] == preview
    assert filled(desk, preview)["headline"] == "Il ponte"


def test_a_paste_with_pictures_of_the_web_waits_for_them(
    desk: Client, web: LocalWeb, no_worker: None
) -> None:
    url = web.serve("/ponte.png", image(), content_type="image/png")
    preview = preview_of(paste(desk, f'<p>Il ponte.</p><img src="{url}">', "html"))
    assert "immagini" in tree(desk.get(preview)).xpath("string(//*[@role='status'])")
    finish_original.call(str(Original.objects.get().uuid), language="it")
    assert Picture.objects.get().get_absolute_url() in filled(desk, preview)["body"]


def test_what_failed_says_why_and_leads_back(desk: Client) -> None:
    failed = make_original(
        kind="address",
        state="failed",
        address="https://a.example/?a=1&b=2",
        draft=None,
        message="Non risponde.",
    )
    answer = desk.get(f"{NEW}{failed.code}/")
    assert (answer.status_code, faults(answer)) == (200, [])
    assert "Non risponde." in tree(answer).xpath("string(//main)")
    back = tree(answer).xpath("string(//main//a/@href)")
    again = desk.get(back)
    assert tree(again).xpath("string(//input[@name='address']/@value)") == "https://a.example/?a=1&b=2"


def test_nothing_is_saved_of_what_is_not_there_yet(desk: Client, reporter: User) -> None:
    waiting = make_original(kind="address", state="waiting", address="https://a.example/", draft=None)
    failed = make_original(kind="address", state="failed", address="https://a.example/", message="No.")
    count = Article.objects.count()
    for original in (waiting, failed):
        desk.post(f"{NEW}{original.code}/", {"save": "1", "headline": "a", "body": "<p>a</p>"})
    assert Article.objects.count() == count


# What it costs


def test_pages_ask_the_database_little(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, user, two for the permissions, the newsroom; the original. Once posted its pictures, and three
    checks of the article's constraints.
    """
    original = make_original()
    for _number in range(5):
        make_picture(original)
    used = make_original(state="used", article=make_article())
    waiting = make_original(kind="address", state="waiting", address="https://a.example/", draft=None)
    typed = filled(desk, f"{NEW}{original.code}/") | {"show": "1"}
    with django_assert_num_queries(4):
        desk.get(NEW)
    for state in (original, waiting):
        with django_assert_num_queries(5):
            desk.get(f"{NEW}{state.code}/")
    with django_assert_num_queries(4):
        desk.get(f"{NEW}{used.code}/")
    with django_assert_num_queries(9):
        desk.post(f"{NEW}{original.code}/", typed)


def test_the_preview_costs_the_same_whatever_the_length_of_the_text(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    original = make_original(html=HTML * 200)
    with django_assert_num_queries(5):
        desk.get(f"{NEW}{original.code}/")
