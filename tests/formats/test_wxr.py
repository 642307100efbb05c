"""An export of WordPress: its posts and pages are articles, and what they lose is told."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.formats import wxr, xml_text
from newsroom.formats.annotated import AnnotatedText, BadFile, Losses
from newsroom.formats.posts import day_of, day_written, paragraphs, without_shortcodes

from . import feeds_made as made
from .feeds_made import post


def read(*items: str, private: bool = False) -> tuple[list[AnnotatedText], Losses]:
    losses = Losses()
    reading = wxr.read_all if private else wxr.read
    return list(reading(io.BytesIO(made.wxr(*items)), losses)), losses


def test_a_post_becomes_an_article_with_what_is_known_of_it() -> None:
    [text], _losses = read(post(excerpt_encoded="<p>Dopo <i>sei</i> anni.</p>"))
    assert text.known == {
        "headline": "Il ponte 7",
        "standfirst": "Dopo sei anni.",
        "byline": "Anna Neri",
        "date": "2024-05-07",
        "original_url": "https://faro.example/2024/05/ponte-7/",
        "slug": "ponte-7",
    }
    assert (text.lang, text.tags) == ("it", ())
    assert text.text == "Il ponte è aperto da ieri, dice il sindaco della città di Genova."


def test_its_id_is_made_of_its_guid_and_of_nothing_else() -> None:
    [one], _losses = read(post())
    [other], _losses = read(
        post(content="<p>Altre parole.</p>", title="Altro", link="https://altro.example/")
    )
    [third], _losses = read(post(8))
    assert one.id == other.id != third.id


def test_blank_lines_are_paragraphs_and_line_ends_line_breaks() -> None:
    content = "Prima riga,\nseconda.\n\n<blockquote>Detto\n\nridetto</blockquote>\n<pre>a\n\nb</pre>"
    [text], _losses = read(post(content=content))
    assert text.html.startswith(
        "<p>Prima riga,<br>seconda.</p>\n<blockquote><p>Detto</p><p>ridetto</p></blockquote>"
    )
    assert text.html.count("<pre>") == 1


def test_blocks_of_the_newer_editor_are_html_already() -> None:
    content = (
        "<!-- wp:paragraph -->\n<p>Uno.</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:list -->\n<ul><li>a</li></ul>"
    )
    [text], _losses = read(post(content=content))
    assert text.html == "<p>Uno.</p>\n<ul><li>a</li></ul>"


def test_what_has_no_place_is_taken_off_and_told() -> None:
    content = (
        '[caption id="x"]<img src="https://faro.example/a.png"> Il ponte[/caption]\n\nAperto [sic] da ieri.'
        "<script>alert(1)</script>[gallery]"
    )
    more = (
        '<category domain="post_tag">Genova</category><wp:comment><wp:comment_content>Ciao'
        "</wp:comment_content></wp:comment><wp:postmeta><wp:meta_key>_x</wp:meta_key></wp:postmeta>"
    )
    [text], losses = read(post(content=content, more=more))
    assert text.text == "Il ponte\nAperto [sic] da ieri."
    assert "img" not in text.html and "script" not in text.html
    assert losses.counts == {
        "active": 1, "comments": 1, "fields": 1, "hour": 1, "pictures": 1, "shortcodes": 2, "status": 1,
        "terms": 1,
    }  # fmt: skip
    assert losses.examples["comments"] == "Ciao"


def test_drafts_come_and_private_ones_only_when_asked_for() -> None:
    items = (
        post(1, wp_status="draft"),
        post(2, wp_status="future"),
        post(3, wp_status="private"),
        post(4, wp_post__password="segreto"),
        post(5, wp_status="trash"),
        post(6, wp_post__type="nav_menu_item"),
        post(7, wp_post__type="attachment"),
        post(8, wp_post__type="page"),
        post(9, content=" "),
    )
    texts, losses = read(*items)
    assert [text.known["slug"] for text in texts] == ["ponte-1", "ponte-2", "ponte-8"]
    assert {name: losses.counts[name] for name in ("private", "kinds", "pictures", "empty", "status")} == {
        "private": 2, "kinds": 2, "pictures": 1, "empty": 1, "status": 2,
    }  # fmt: skip
    texts, losses = read(*items, private=True)
    assert [text.known["slug"] for text in texts] == [f"ponte-{number}" for number in (1, 2, 3, 4, 8)]
    assert "private" not in losses.counts


def test_a_draft_without_a_date_has_none() -> None:
    [text], _losses = read(post(wp_post__date="0000-00-00 00:00:00", pubDate="", wp_status="draft"))
    assert "date" not in text.known


def test_two_posts_of_one_name_are_refused() -> None:
    with pytest.raises(BadFile, match="https://faro.example/\\?p=7"):
        read(post(), post())


HOSTILE = {
    "an entity bomb": b'<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>',
    "a file that it names": b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><rss><channel><a/></channel></rss>',
    "latin-1": "<rss><channel><title>è</title></channel></rss>".encode("latin-1"),
    "no known encoding": b'<?xml version="1.0" encoding="klingon"?><rss/>',
    "cut off": made.wxr(post())[:-20],
    "nested too deep": b"<rss><channel>" + b"<a>" * 100_000,
    "a line of 100 MB": b"<rss><channel><title>" + b"a" * 100_000_000,
    "NUL": made.wxr(post()).replace(b"ponte", b"p\0nte"),
    "nothing": b"",
    "no XML": b"PK\x03\x04",
    "another RSS": made.rss(made.item(title="a", description="b")),
    "HTML": b"<html><body><p>Ciao</p></body></html>",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_means_harm_or_is_none_is_said(what: str) -> None:
    with pytest.raises(BadFile) as caught:
        list(wxr.read(io.BytesIO(HOSTILE[what]), Losses()))
    assert 10 < len(str(caught.value)) < 300


def test_one_post_that_is_larger_than_any_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_text, "MOST_ELEMENTS", 100)
    assert len(read(*map(post, range(50)))[0]) == 50
    with pytest.raises(BadFile):
        read(post(more="<category>a</category>" * 200))


def test_a_large_file_is_never_in_memory_as_a_whole() -> None:
    file = io.BytesIO(made.wxr(*(post(number, content=made.BODY * 50) for number in range(300))))
    texts = wxr.read(file, Losses())
    next(texts)
    tracemalloc.start()
    for _text in texts:
        pass
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


@given(
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=200),
    st.text("[]/ab= \n<>p", max_size=80),
)
def test_whatever_is_written_comes_or_is_told(words: str, marks: str) -> None:
    texts, losses = read(post(content=words + marks, title=words[:50], excerpt_encoded=marks))
    assert len(texts) + losses.counts["empty"] + losses.counts["long"] == 1


@given(st.text("[]/abc= x\n", max_size=60))
def test_without_shortcodes_nothing_else_is_missing(source: str) -> None:
    losses = Losses()
    left = without_shortcodes(source, losses)
    assert len(left) <= len(source)
    if not losses and "[/" not in source:
        assert left == source


@given(st.text("ab \n", max_size=60))
def test_paragraphs_keep_every_word(source: str) -> None:
    written = paragraphs(source).replace("<p>", " ").replace("</p>", " ").replace("<br>", " ")
    assert written.split() == source.split()


@given(st.text(max_size=40))
def test_a_day_is_one_or_nothing(written: str) -> None:
    for day in (day_of(written), day_written(written)):
        assert day == "" or len(day) == 10


def test_a_moment_is_a_day_where_the_newsroom_is() -> None:
    assert day_of("Mon, 06 May 2024 22:30:00 +0000") == "2024-05-07"
    assert day_of("06 May 2024 10:00:00 GMT") == "2024-05-06"
    assert day_of("2024-05-06T23:30:00-05:00") == "2024-05-07"
    assert day_of("2024-05-06") == "2024-05-06"
    assert day_of("ieri") == day_of("") == ""
