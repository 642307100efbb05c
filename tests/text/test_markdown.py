"""Markdown of the desk becomes HTML in one place, and nothing that it says can run."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.markdown import to_html


def test_what_the_desk_writes_is_shown() -> None:
    assert to_html("Secondo l’*atto*, **no**.\n\n- uno\n- due\n\n> Mai detto.") == (
        "<p>Secondo l’<em>atto</em>, <strong>no</strong>.</p>\n"
        "<ul>\n<li>uno</li>\n<li>due</li>\n</ul>\n"
        "<blockquote>\n<p>Mai detto.</p>\n</blockquote>\n"
    )


def test_plain_paragraphs_are_paragraphs() -> None:
    assert to_html("Uno.\n\nDue.") == "<p>Uno.</p>\n<p>Due.</p>\n"


def test_a_link_leads_away_and_says_so() -> None:
    assert to_html("[atto](https://example.org/a)") == (
        '<p><a href="https://example.org/a" rel="external nofollow">atto</a></p>\n'
    )


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt&#58;alert(1))",
        "<javascript:alert(1)>",
        "![x](https://example.org/x.png)",
        "[a](data:text/html,x)",
        '[a](https://example.org "x" onclick=alert(1))',
        "<div hx-get=/desk/ hx-trigger=load>",
        "<style>p { color: red }</style>",
        "\ud800",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(source: str) -> None:
    page = html5lib.parseFragment(to_html(source), namespaceHTMLElements=False)
    for element in page.iter():
        assert element.tag in ("DOCUMENT_FRAGMENT", "p", "a")
        assert set(element.attrib) <= {"href", "rel"}
        assert element.get("href", "https:").startswith(("https:", "http:", "mailto:"))


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("# a\n## b\n# c", ["h3", "h4", "h3"]),
        ("### a\n###### b", ["h3", "h4"]),
        ("## a\n# b\n### c\n## d", ["h3", "h3", "h4", "h4"]),
        ("# a\n## b\n### c\n#### d\n##### e", ["h3", "h4", "h5", "h6", "h6"]),
    ],
)
def test_headings_go_on_from_that_of_the_page_and_leave_none_out(source: str, tags: list[str]) -> None:
    page = html5lib.parseFragment(to_html(source), namespaceHTMLElements=False)
    assert [element.tag for element in page if element.tag != "DOCUMENT_FRAGMENT"] == tags


@given(st.text(st.characters(exclude_categories=("Cn",))))
def test_whatever_is_written_is_sound(source: str) -> None:
    written = to_html(source)
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parseFragment(written)
    assert parser.errors == []
    assert not {element.tag for element in page.iter()} & {"script", "style", "img", "iframe", "form"}
