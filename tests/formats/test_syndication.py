"""Feeds brought as a file: RSS of any kind and Atom."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.formats import atom, syndication, wxr
from newsroom.formats.annotated import AnnotatedText, BadFile, Losses
from newsroom.models import Newsroom
from newsroom.text.news import Channel, Item, Words

from . import feeds_made as made
from .feeds_made import item
from .test_wxr import HOSTILE

ATOM = Path(__file__).parent.parent / "standards" / "atom" / "extensive.xml"


def read(body: bytes) -> tuple[list[AnnotatedText], Losses]:
    losses = Losses()
    return list(syndication.read(io.BytesIO(body), losses)), losses


def test_an_item_of_rss_comes_with_its_whole_text_if_it_is_there() -> None:
    said = {
        "title": "Il ponte &amp; il fiume",
        "link": "https://faro.example/ponte",
        "guid": "https://faro.example/?p=7",
        "author": "anna@faro.example (Anna Neri)",
        "pubDate": "Mon, 06 May 2024 22:30:00 GMT",
        "description": "<p>Dopo sei anni.</p>",
        "content_encoded": made.BODY,
        "category": "Cronaca",
    }
    [text], losses = read(made.rss(item(**said)))
    assert text.known == {
        "headline": "Il ponte & il fiume",
        "standfirst": "Dopo sei anni.",
        "byline": "Anna Neri",
        "publisher": "Il Faro",
        "date": "2024-05-07",
        "original_url": "https://faro.example/ponte",
    }
    assert text.lang == "it" and text.text.startswith("Il ponte è aperto")
    assert losses.counts == {"hour": 1, "terms": 1}


def test_an_item_with_a_description_alone_says_that_it_is_not_whole() -> None:
    [text], losses = read(
        made.rss(item(title="Il ponte", link="https://faro.example/a", description=made.BODY))
    )
    assert text.text.startswith("Il ponte è aperto") and "standfirst" not in text.known
    assert losses.counts == {"summary": 1}


def test_a_post_is_the_same_article_in_a_feed_and_in_an_export() -> None:
    [one], _losses = read(made.wxr(made.post()))
    [other] = wxr.read(io.BytesIO(made.wxr(made.post())), Losses())
    assert one.id == other.id


def test_a_name_that_is_no_address_is_one_of_its_feed_alone() -> None:
    body = made.rss(item(guid="7", title="a", description="Uno."))
    [one], _losses = read(body)
    [again], _losses = read(body)
    [other], _losses = read(body.replace(b"https://faro.example", b"https://altro.example"))
    assert one.id == again.id != other.id


def test_items_without_any_name_are_told_apart_by_what_they_say() -> None:
    texts, _losses = read(made.rss(item(description="Uno."), item(description="Due.")))
    assert len({text.id for text in texts}) == 2
    with pytest.raises(BadFile):
        read(made.rss(item(description="Uno."), item(description="Uno.")))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("html", "&lt;p&gt;Il &lt;b&gt;ponte&lt;/b&gt;.&lt;/p&gt;"),
        ("xhtml", '<div xmlns="http://www.w3.org/1999/xhtml"><p>Il <b>ponte</b>.</p></div>'),
    ],
)
def test_an_entry_of_atom(kind: str, content: str) -> None:
    entry = (
        '<entry><id>tag:faro.example,2024:7</id><title type="html">Il &lt;i&gt;ponte&lt;/i&gt;</title>'
        '<link href="ponte"/><link rel="enclosure" href="a.mp3"/><author><name>Anna</name></author>'
        "<author><name>Ugo</name></author><published>2024-05-06T22:30:00Z</published><summary>In breve."
        f'</summary><category term="x"/><content type="{kind}">{content}</content></entry>'
    )
    [text], losses = read(made.atom(entry))
    assert text.html == "<p>Il <strong>ponte</strong>.</p>"
    assert text.known == {
        "headline": "Il ponte",
        "standfirst": "In breve.",
        "byline": "Anna, Ugo",
        "publisher": "Il Faro",
        "date": "2024-05-07",
        "original_url": "https://faro.example/ponte",
    }
    assert losses.counts == {"hour": 1, "pictures": 1, "terms": 1}


def test_the_feed_of_the_standard_is_read() -> None:
    [text], losses = read(ATOM.read_bytes())
    assert text.known["headline"] == "Atom draft-07 snapshot"
    assert text.known["byline"] == "Mark Pilgrim"
    assert text.text == "[Update: The Atom draft is finished.]"
    assert losses.counts["pictures"] == 1


def test_rss_1_is_read() -> None:
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://faro.example/"><title>'
        "Il Faro</title><link>https://faro.example/</link></channel>"
        '<item rdf:about="https://faro.example/a"><title>Il ponte</title><link>https://faro.example/a</link>'
        "<description>È aperto.</description><dc:date>2024-05-06</dc:date></item></rdf:RDF>"
    )
    [text], _losses = read(body.encode())
    assert (text.known["headline"], text.known["publisher"]) == ("Il ponte", "Il Faro")
    assert (text.known["date"], text.text) == ("2024-05-06", "È aperto.")


def test_our_own_feed_comes_back() -> None:
    at = datetime(2024, 5, 6, 9, tzinfo=UTC)
    entry = Item(
        name="articles/7", path="/articles/ponte/", title=Words("Il ponte", "it"), published=at, updated=at,
        html=made.BODY, lang="it",
    )  # fmt: skip
    channel = Channel(
        name="articles",
        title="Articoli",
        page_url="/",
        self_url="/a.atom",
        first_url="/a.atom",
        items=(entry,),
    )
    newsroom = Newsroom(name="Il Faro", address="https://faro.example")
    [text], _losses = read(atom.feed(channel, lang="it", newsroom=newsroom))
    assert text.known["headline"] == "Il ponte" and text.html == made.BODY


@pytest.mark.parametrize("what", [what for what in HOSTILE if what != "another RSS"])
def test_what_means_harm_or_is_none_is_said(what: str) -> None:
    with pytest.raises(BadFile):
        read(HOSTILE[what])


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read(b"<rss><channel>" + body)
    except BadFile:
        return
