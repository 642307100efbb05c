"""A draft holds what an article can hold, and says where it knows its language from."""

from __future__ import annotations

import json

import pytest

from newsroom.formats.draft import LONGEST, Draft
from newsroom.formats.unreadable import Empty, TooLong
from newsroom.text.document import parse
from tests.making import HTML


def draft(html: str = HTML, **known: object) -> Draft:
    return Draft.of(parse(html), **known)


def test_a_heading_over_the_text_is_the_headline_and_not_in_the_text() -> None:
    made = draft("<h1>Il ponte</h1><p>È chiuso.</p>")
    assert (made.headline, made.html) == ("Il ponte", "<p>È chiuso.</p>")


def test_a_known_headline_and_standfirst_are_not_said_twice() -> None:
    made = draft(
        "<h1>IL PONTE</h1><p>Che cosa si sa.</p><p>È chiuso.</p>",
        headline="Il ponte",
        standfirst="Che  cosa si sa.",
    )
    assert (made.headline, made.standfirst, made.html) == ("Il ponte", "Che cosa si sa.", "<p>È chiuso.</p>")


def test_another_heading_stays_in_the_text() -> None:
    html = "<h2>I tempi</h2>\n<p>È chiuso.</p>"
    assert draft(html, headline="Il ponte").html == html


def test_a_picture_over_the_headline_stays() -> None:
    made = draft('<img src="https://a.example/p.jpg"><h1>Il ponte</h1><p>È chiuso.</p>')
    assert made.html == '<figure><img src="https://a.example/p.jpg" alt=""></figure><p>È chiuso.</p>'


def test_a_heading_inside_a_quotation_is_no_headline() -> None:
    assert draft("<blockquote><h2>Il ponte</h2></blockquote><p>È chiuso.</p>").headline == ""


@pytest.mark.parametrize("html", ["", "<p> </p>", "<h1>Solo un titolo</h1>", '<img src="/a.png">'])
def test_a_draft_without_text_is_none(html: str) -> None:
    with pytest.raises(Empty):
        draft(html)


def test_a_text_longer_than_any_article_is_refused() -> None:
    with pytest.raises(TooLong):
        draft(f"<p>{'a' * LONGEST}</p>")


def test_what_is_too_long_for_an_article_is_cut() -> None:
    made = draft(headline="parola " * 100, byline="Ada " * 100, publisher="Ed. " * 100)
    assert [len(words) <= limit for words, limit in ((made.headline, 300), (made.byline, 200))] == [True] * 2
    assert made.headline.endswith("…")


@pytest.mark.parametrize(
    ("known", "kept"),
    [
        ({"date": "2024-05-06"}, "2024-05-06"),
        ({"date": "2024-13"}, ""),
        ({"date": "ieri"}, ""),
    ],
)
def test_a_date_is_kept_if_it_is_one(known: dict[str, str], kept: str) -> None:
    assert draft(**known).date == kept


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/ponte", "https://a.example/ponte"),
        ("javascript:alert(1)", ""),
        ("/ponte", ""),
        (f"https://a.example/{'a' * 1000}", ""),
    ],
)
def test_an_address_is_kept_if_it_is_one_of_the_web(url: str, kept: str) -> None:
    assert draft(canonical_url=url).canonical_url == kept


@pytest.mark.parametrize(
    ("declared", "lang", "lang_from", "doubts"),
    [
        ("", "it", "guessed", 0),
        ("it", "it", "declared", 0),
        ("it_IT", "it-IT", "declared", 0),
        ("EN-gb", "en-GB", "declared", 1),
        ("nonsense!", "it", "guessed", 0),
    ],
)
def test_a_declared_language_is_believed_and_a_doubt_is_said(
    declared: str, lang: str, lang_from: str, doubts: int
) -> None:
    made = draft(lang=declared)
    assert (made.lang, made.lang_from, len(made.warnings)) == (lang, lang_from, doubts)


def test_a_language_that_cannot_be_guessed_is_left_open() -> None:
    made = draft("<p>Sì.</p>")
    assert (made.lang, made.lang_from) == ("", "")


def test_a_draft_survives_json() -> None:
    made = draft(headline="Il ponte", lang="en", warnings=("Attenzione.",))
    assert Draft.from_data(json.loads(json.dumps(made.to_data()))) == made
