"""Atom as RFC 4287 wants it: the rules themselves, and what the writer makes of odd words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from newsroom.formats import atom
from newsroom.models import Newsroom
from newsroom.text.news import Channel, Item, Topic, Words
from tests.formats.atom_rules import TAG, faults

EXTENSIVE = (Path(__file__).parents[1] / "standards/atom/extensive.xml").read_bytes()
THEN = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)


def test_a_good_feed_has_no_fault() -> None:
    assert faults(EXTENSIVE) == []


#: After the names of the suite: what is replaced, by what, and which fault is found.
BROKEN = {
    "wrong-namespace": (b"http://www.w3.org/2005/Atom", b"http://www.w3.org/2005/atom", "root"),
    "missing-id": (b"<id>tag:example.org,2003:3</id>", b"", "feed without id"),
    "missing-titles": (b'<title type="text">dive into mark</title>', b"", "feed without title"),
    "missing-updated": (b"<updated>2005-07-11T12:29:29Z</updated>\n  <id>", b"<id>", "feed without updated"),
    "multiple-ids": (b"<rights>", b"<id>tag:example.org,2003:4</id><rights>", "feed with many id"),
    "multiple-titles": (b"<rights>", b"<title>b</title><rights>", "feed with many title"),
    "multiple-generators": (b"<rights>", b"<generator>b</generator><rights>", "feed with many generator"),
    "multiple-alternates-matching": (
        b"<rights>",
        b'<link hreflang="en" type="text/html" href="http://example.org/b"/><rights>',
        "feed with alternates alike",
    ),
    "misplaced-metadata": (b"<rights>", b"<published>2003</published><rights>", "feed with published"),
    "authorless-with-one-entry": (b"author>", b"contributor>", "no author"),
    "entry-missing-id": (b"<id>tag:example.org,2003:3.2397</id>", b"", "entry without id"),
    "entry-multiple-summaries": (
        b"<content",
        b"<summary>a</summary><summary>b</summary><content",
        "entry with many summary",
    ),
    "content-src-no-summary": (
        b'<content type="xhtml"',
        b'<content src="http://example.org/x" type="xhtml"',
        "content elsewhere without summary",
    ),
    "missing_xhtml_div": (b"div", b"p", "content of no one div"),
    "summary_type_mime": (b"<content", b'<summary type="a/b"/><content', "summary of an unknown type"),
    "entry_author_name_blank": (b"<name>Mark Pilgrim</name>", b"<name/>", "nobody's name"),
    "no-name": (b"<name>Sam Ruby</name>", b"", "contributor without name"),
    "multiple-names": (b"<name>Sam Ruby", b"<name>a</name><name>b", "contributor with many name"),
    "invalid-email": (b"f8dy@example.com", b"f8dy", "email is none"),
    "lowercase-updated": (b"29Z</updated>\n  <id>", b"29z</updated><id>", "updated is no moment"),
    "published_date_only": (b"T08:29:29-04:00", b"", "published is no moment"),
    "published_no_timezone_colon": (b"-04:00", b"-0400", "published is no moment"),
    "entry_id_blank": (b"<id>tag:example.org,2003:3.2397</id>", b"<id/>", "id is no IRI"),
    "entry_id_not_full_uri": (b"tag:example.org,2003:3.2397", b"3.2397", "id is no IRI"),
    "invalid-xml-lang": (b'xml:lang="en"', b'xml:lang="e_n"', "content in no language"),
    "link-href-missing": (b'href="http://example.org/feed.atom"', b"", "link without href"),
    "category-no-term": (b"<rights>", b"<category/><rights>", "category without term"),
    "entry-unknown-element": (b"<content", b"<votes>3</votes><content", "entry with votes"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_that_is_broken_is_found(name: str) -> None:
    old, new, fault = BROKEN[name]
    assert old in EXTENSIVE
    assert fault in faults(EXTENSIVE.replace(old, new))


def test_the_same_entry_twice_at_the_same_moment_is_found() -> None:
    start, end = EXTENSIVE.index(b"<entry>"), EXTENSIVE.index(b"</feed>")
    twice = EXTENSIVE[:end] + EXTENSIVE[start:end] + EXTENSIVE[end:]
    assert faults(twice) == ["entry twice"]


# -- the writer --------------------------------------------------------------------------------------------


def written(*items: Item, **given: str) -> bytes:
    channel = Channel(
        "feeds/x.atom?q=%26", "A & B", "/", "/feeds/x.atom?q=%26&kind=a", "/feeds/x.atom", items
    )
    newsroom = Newsroom(name="La <redazione>", address=given.get("address", "https://redazione.example"))
    return atom.feed(channel, lang="it", newsroom=newsroom)


def test_odd_words_are_escaped_or_left_out() -> None:
    odd = "Tizio & Caio <script>alert(1)</script> \x00\x0b\ud800\uffff 👨‍👩‍👧 “‘’” ]]>"
    item = Item(
        name="claims/1",
        path="/claims/a-b/",
        title=Words(odd, "en"),
        published=THEN,
        updated=THEN,
        author=odd,
        summary=Words(odd, "it"),
        said=(Words(odd, "fr", quoted=True), Words(odd, "it")),
        topics=(Topic("true", odd),),
        original="https://example.org/?a=1&b=2",
        related=(("/x/?a=1&b=2", odd),),
    )
    body = written(item)
    assert faults(body) == []
    kept = "Tizio & Caio <script>alert(1)</script>  👨‍👩‍👧 “‘’” ]]>"
    root = etree.fromstring(body)
    names = {"a": atom.ATOM, "h": atom.XHTML}
    assert root.xpath("string(a:entry/a:title)", namespaces=names) == kept
    assert root.xpath("a:entry/a:content//h:blockquote/@xml:lang", namespaces=names) == ["fr"]
    assert root.xpath("string(a:entry/a:content)", namespaces=names) == kept * 2
    assert b"<script" not in body


def test_an_articles_own_html_is_text_to_xml_and_has_a_place_to_be_read_from() -> None:
    item = Item(
        "articles/1", "/articles/a/", Words("A", "it"), THEN, THEN, lang="it",
        html='<p>a &amp; <a href="/b/">b</a></p>',
    )  # fmt: skip
    body = written(item)
    assert faults(body) == []
    content = etree.fromstring(body).find(f".//{{{atom.ATOM}}}content")
    assert content.text == '<p>a &amp; <a href="/b/">b</a></p>'
    assert content.get(f"{{{atom.XML}}}base") == "https://redazione.example/articles/a/"


def test_a_feed_of_nothing_is_a_feed() -> None:
    assert faults(written()) == []
    assert written() == written()


@pytest.mark.parametrize(
    ("home", "host"),
    [
        ("https://redazione.example", "redazione.example"),
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("https://perché.example:444", "xn--perch-fsa.example"),
        ("", "localhost"),
    ],
    ids=["a domain", "a port", "letters", "none"],
)
def test_names_are_tag_uris(home: str, host: str) -> None:
    assert atom.tag(home, "claims/1") == f"tag:{host},2026:claims/1"
    assert TAG.fullmatch(atom.tag(home, "feeds/claims.atom?q=%C3%A9+a&rating=true"))
