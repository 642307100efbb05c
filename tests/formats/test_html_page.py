"""HTML: of a page the main text and what it says of itself, of a fragment all that it holds."""

from __future__ import annotations

import base64

import pytest

from newsroom.formats.draft import Draft
from newsroom.formats.html_page import declared_charset, read, read_fragment
from newsroom.formats.pictures import EMBEDDED
from newsroom.formats.unreadable import Empty, NoMainText, TooLong

SENTENCE = "Secondo i tecnici del comune le prove di carico sono finite e il ponte può essere riaperto. "
PAGE = f"""<!doctype html>
<html lang="it-IT">
  <head>
    <title>Il ponte | Il Giornale</title>
    <meta property="og:title" content="Il ponte aprirà a maggio">
    <meta property="og:site_name" content="Il Giornale di Valdora">
    <meta name="description" content="La sindaca annuncia la riapertura.">
    <link rel="canonical" href="https://giornale.example/ponte">
    <script type="application/ld+json">
      {{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Il ponte aprirà a maggio",
        "datePublished": "2024-05-06T09:00:00+02:00",
        "author": [{{"@type": "Person", "name": "Ada Neri"}}, {{"@type": "Person", "name": "Ugo Verdi"}}]}}
    </script>
    <script>alert(1)</script>
  </head>
  <body onload="alert(2)">
    <nav><a href="/">Prima pagina</a> <a href="/sport">Sport</a></nav>
    <article>
      <h1>Il ponte aprirà a maggio</h1>
      <p>La sindaca annuncia la riapertura.</p>
      <img src="/foto/ponte.jpg" alt="Il ponte" onerror="alert(3)">
      <p>Lo ha detto la <a href="/sindaca">sindaca</a> e <a href="javascript:alert(4)">altri</a>.
        {SENTENCE}</p>
      <h2>I tempi</h2>
      <p>{SENTENCE * 2}</p>
      <blockquote><p>Non è mai stato fatto nulla di simile in questa provincia.</p></blockquote>
    </article>
    <footer><p>Tutti i diritti riservati.</p></footer>
    <iframe src="https://pubblicita.example/"></iframe>
  </body>
</html>"""


@pytest.fixture(scope="module")
def page() -> Draft:
    return read(PAGE, url="https://giornale.example/ponte?da=rss")


def test_what_a_page_says_of_itself_is_filled_in(page: Draft) -> None:
    assert page.headline == "Il ponte aprirà a maggio"
    assert page.standfirst == "La sindaca annuncia la riapertura."
    assert page.byline == "Ada Neri, Ugo Verdi"
    assert page.publisher == "Il Giornale di Valdora"
    assert page.date == "2024-05-06"
    assert page.canonical_url == "https://giornale.example/ponte"
    assert (page.lang, page.lang_from) == ("it-IT", "declared")


def test_the_main_text_is_taken_and_the_rest_is_not(page: Draft) -> None:
    assert [block.tag for block in page.document.blocks] == ["p", "h2", "p", "p"]
    assert page.document.text.startswith("Lo ha detto la sindaca e altri.")
    for words in ("Prima pagina", "diritti riservati", "aprirà a maggio", "annuncia la riapertura"):
        assert words not in page.document.text


def test_addresses_are_those_of_the_page_or_none(page: Draft) -> None:
    assert '<a href="https://giornale.example/sindaca">sindaca</a> e altri.' in page.html
    assert '<img src="https://giornale.example/foto/ponte.jpg" alt="Il ponte">' in page.html


def test_nothing_that_runs_is_left(page: Draft) -> None:
    for trace in ("script", "alert", "onload", "onerror", "iframe", "pubblicita"):
        assert trace not in page.html
    assert len(page.warnings) == 1


def test_a_file_says_itself_where_it_was() -> None:
    made = read(PAGE)
    assert made.canonical_url == "https://giornale.example/ponte"
    assert "https://giornale.example/foto/ponte.jpg" in made.html


def test_a_page_that_says_no_address_has_that_at_which_it_was() -> None:
    plain = f"<html><body><article><h1>Il ponte</h1><p>{SENTENCE * 4}</p></article></body></html>"
    assert read(plain, url="https://a.example/p").canonical_url == "https://a.example/p"
    assert read(plain).canonical_url == ""


@pytest.mark.parametrize(
    "source",
    [
        "<html><body></body></html>",
        "<!doctype html><title>Il ponte</title>",
        '<html><body><div id="root"></div><script src="/app.js"></script></body></html>',
    ],
)
def test_a_page_without_a_text_is_told(source: str) -> None:
    with pytest.raises(NoMainText):
        read(source, url="https://a.example/")


def test_of_a_fragment_everything_is_taken() -> None:
    made = read("<h2>Il ponte</h2><p>È <b>chiuso</b>.</p>testo<script>alert(1)</script>")
    assert (made.headline, made.html) == ("Il ponte", "<p>È <strong>chiuso</strong>.</p>\n<p>testo</p>")
    assert len(made.warnings) == 1


def test_a_plain_fragment_is_not_warned_of() -> None:
    assert read_fragment("<p>La conformità on line è la <em>forma</em> migliore.</p>").warnings == ()


@pytest.mark.parametrize("source", ["", "   ", "<!-- niente -->", "<script>alert(1)</script>", "\0"])
def test_an_empty_fragment_is_told(source: str) -> None:
    with pytest.raises(Empty):
        read(source)


def test_addresses_in_a_fragment_are_absolute_or_gone() -> None:
    made = read_fragment(
        '<p><a href="/a">a</a> <a href="//b.example/">b</a> <a href="mailto:c@d.example">c</a> '
        '<a href="https://e.example/">e</a> <a href="http://[">f</a></p><img src="g.png">'
    )
    assert made.html == ('<p>a b <a href="mailto:c@d.example">c</a> <a href="https://e.example/">e</a> f</p>')


def test_a_picture_that_is_written_into_the_page_is_taken_out() -> None:
    data = base64.b64encode(b"\x89PNG una immagine").decode()
    made = read_fragment(
        f'<p>Prima.</p><img src="data:image/png;base64,{data}" alt="Il ponte"><p>Dopo.</p>'
        '<img src="data:image/svg+xml;base64,PHN2Zz4="><img src="data:image/png;base64,%%%">'
    )
    assert made.pictures == {EMBEDDED.format(0): b"\x89PNG una immagine"}
    assert f'<img src="{EMBEDDED.format(0)}" alt="Il ponte">' in made.html
    assert made.html.count("<img") == 1


@pytest.mark.parametrize(
    "source",
    [
        "<p>a</p>" * 30_000,
        "<p>" + "a" * 5_000_000,
        "<html><body>" + "<b><i>a" * 20_000,
        "<div>" * 20_000 + "in fondo",
    ],
    ids=["many elements", "many characters", "many marks", "deep"],
)
def test_a_page_that_would_take_minutes_is_refused(source: str) -> None:
    with pytest.raises(TooLong):
        read(source)


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (b'<meta charset="windows-1252">', "windows-1252"),
        (b"<META http-equiv=Content-Type content='text/html; charset=iso-8859-15'>", "iso-8859-15"),
        (b"<p>charset=utf-8</p>", ""),
    ],
)
def test_a_page_declares_its_charset(body: bytes, charset: str) -> None:
    assert declared_charset(body) == charset
