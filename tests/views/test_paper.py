"""The article as PDF: what its page shows, to everyone who may see the page."""

from __future__ import annotations

import gzip
import io
from html import unescape

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pypdf import PdfReader

from newsroom.actions import articles
from newsroom.models import Article, ArticleAddress, Rights, User
from tests.formats.test_tagged_pdf import letters
from tests.making import make_article
from tests.public_pages import seed_article

pytestmark = pytest.mark.django_db


def pdf_of(article: Article) -> str:
    return reverse("reader:article-pdf", args=[article.slug])


def words_of(body: bytes) -> str:
    return letters(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(body)).pages))


def test_the_seed_article_is_pdf_ua_with_its_notes_register_and_names(client: Client) -> None:
    answer = client.get(pdf_of(seed_article()))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf, pdf.open_metadata() as told:
        assert told["pdfuaid:part"] == "1"
        assert pdf.Root.Lang == "it"
    words = words_of(answer.content)
    for said in (
        "Microsoft ha adottato una nuova direzione",
        "Il coinvolgimento non era finito",
        "Registro delle affermazioni",
        "Chi dice che cosa",
        "Nomi e temi",
    ):
        assert letters(said) in words


def test_its_page_leads_to_it_in_the_readers_language(client: Client) -> None:
    # As browsers ask: the page that it is made of may be kept compressed, and be the same since.
    asking = {"accept-encoding": "gzip", "if-modified-since": "Fri, 27 Nov 2099 00:00:00 GMT"}
    for prefix in ("", "/en"):
        page = client.get(prefix + seed_article().get_absolute_url()).content.decode()
        address = prefix + pdf_of(seed_article())
        assert f'<a href="{address}" type="application/pdf">PDF</a>' in page
    answer = client.get(address, headers=asking)
    assert letters("Register of the claims") in words_of(gzip.decompress(answer.content))


def test_who_has_it_already_is_answered_304_and_who_has_another_the_new_one(client: Client) -> None:
    address = pdf_of(seed_article())
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    filtered = client.get(address + "?rating=false", headers={"if-none-match": first.headers["ETag"]})
    assert filtered.status_code == 200
    assert filtered.content != first.content


def test_of_a_text_that_is_not_ours_it_has_the_passages_alone(client: Client) -> None:
    article = make_article(rights=Rights.QUOTATION)
    hidden = article.current_revision.text.split()[-1]
    assert letters(hidden) not in words_of(client.get(pdf_of(article)).content)


def test_there_is_none_of_a_draft_and_one_that_moved_leads_to_the_new_address(client: Client) -> None:
    draft = make_article(published_at=None)
    assert client.get(pdf_of(draft)).status_code == 404
    moved = make_article()
    ArticleAddress.objects.create(article=moved, slug="com-era-prima")
    answer = client.get(reverse("reader:article-pdf", args=["com-era-prima"]))
    assert (answer.status_code, answer.headers["Location"]) == (301, pdf_of(moved))


def test_of_a_withdrawn_article_it_says_so(client: Client, editor: User) -> None:
    article = make_article()
    articles.withdraw(article, reason="Era di un altro.", by=editor, at=now())
    answer = client.get(pdf_of(article))
    assert answer.status_code == 410
    assert "Era di un altro." in unescape(answer.content.decode())
