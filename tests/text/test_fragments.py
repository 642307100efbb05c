"""Addresses that lead to words, held against a port of how a browser follows them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.fragments import Directive, Page, fragment, parsed
from tests.text.text_directives import Document, parse

CASES = json.loads((Path(__file__).parents[1] / "standards/text_fragments/cases.json").read_text())

TEXT = (
    "Il ponte sarà aperto a maggio. Costerà dieci milioni.\n"
    "Secondo l’atto del Comune il ponte sarà aperto a giugno, dice il tecnico-capo, o mai.\n"
    "Il ponte"
)


@pytest.mark.parametrize(("directive", "found"), CASES["cases"])
def test_the_port_finds_what_browsers_find(directive: str, found: bool) -> None:
    document = Document("\n".join(CASES["blocks"]))
    place = document.find(directive)
    assert (place is not None and place[0] > len(CASES["blocks"][0])) == found


def led_to(text: str, directive: str) -> str:
    found = Document(text).find(directive)
    assert found
    return text[slice(*found)]


def of(words: str, text: str = TEXT, *, nth: int = 0) -> str:
    start = [found.start() for found in re.finditer(re.escape(words), text)][nth]
    return fragment(text, start, start + len(words))


def test_words_that_stand_once_need_no_neighbours() -> None:
    assert of("Costerà dieci milioni") == "text=Coster%C3%A0%20dieci%20milioni"


def test_words_that_stand_again_have_the_fewest_neighbours_that_tell_them_apart() -> None:
    assert unquote(of("sarà aperto")) == "text=sarà aperto,-a maggio."
    assert unquote(of("sarà aperto", nth=1)) == "text=sarà aperto,-a giugno,"


def test_the_signs_of_the_directive_are_encoded() -> None:
    assert of("giugno, dice il tecnico-capo") == "text=giugno%2C%20dice%20il%20tecnico%2Dcapo"
    assert "&" not in of("bar & amp; x", "foo bar & amp; x")


def test_words_inside_an_elision_are_led_to_by_the_rest_of_it() -> None:
    directive = of("atto del Comune")
    assert unquote(directive) == "text=l’-,atto del Comune"
    assert led_to(TEXT, directive) == "atto del Comune"


def test_words_over_several_blocks_are_given_by_the_first_and_the_last() -> None:
    words = TEXT[TEXT.index("Costerà") : TEXT.index(" del Comune")]
    directive = of(words)
    assert unquote(directive) == "text=Costerà dieci milioni.,Secondo l’atto"
    assert led_to(TEXT, directive) == words


def test_a_long_quotation_is_given_by_its_first_and_last_words() -> None:
    words = TEXT[TEXT.index("Secondo") : TEXT.index(", o mai")]
    assert unquote(of(words)) == "text=Secondo l’atto del,dice il tecnico-capo"


def test_what_stands_twice_in_the_same_way_has_no_address() -> None:
    assert fragment("Uno e due.\nUno e due.", 0, 3) == ""


def test_accents_and_capitals_tell_no_words_apart() -> None:
    text = "È così e basta.\nE COSI e poi basta."
    directive = fragment(text, 0, 6)
    assert unquote(directive) == "text=È così,-e basta."
    assert led_to(text, directive) == "È così"


def test_what_stands_above_on_the_page_counts() -> None:
    page = Page("Il ponte sul fiume è aperto da ieri.", above="Il ponte sul fiume")
    assert unquote(page.fragment(0, 18)) == "text=Il ponte sul fiume,-è"


def test_blanks_at_the_edges_and_nothing_at_all_are_seen_through() -> None:
    assert fragment(TEXT, 30, 54) == of("Costerà dieci milioni.")
    assert fragment(TEXT, 30, 31) == fragment(TEXT, 5, 5) == ""


WORDS = st.sampled_from(
    ["il", "Il", "ponte", "sarà", "SARA", "l’atto", "dell'atto", "è,", "3.5", "tecnico-capo", "«sì»", "ﬁne",
     "Straße", "strasse", "x\u0304", "🌉", "a&b", "10\u202f000", "(no)", "fine.", "\n", "\n"]
)  # fmt: skip


@st.composite
def places(draw: st.DrawFn) -> tuple[str, int, int]:
    words = draw(st.lists(WORDS, min_size=1, max_size=40))
    lines = " ".join(words).split("\n")
    text = "\n".join(line.strip() for line in lines if line.strip()) or "vuoto"
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@given(places())
def test_a_fragment_leads_to_its_words_and_to_nothing_else(place: tuple[str, int, int]) -> None:
    text, start, end = place
    directive = fragment(text, start, end)
    if not directive:
        return
    quoted = text[start:end]
    start += len(quoted) - len(quoted.lstrip())
    end -= len(quoted) - len(quoted.rstrip())
    document = Document(text)
    assert document.find(directive) == (start, end)
    assert document.find(directive, after=start + 1) is None
    parsed = parse(directive)
    assert all("\n" not in (part or "") for part in (parsed.prefix, parsed.start, parsed.end, parsed.suffix))


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60, unique=True), st.data())
def test_words_that_stand_once_always_have_one(numbers: list[int], data: st.DataObject) -> None:
    text = " ".join(f"n{number}n" for number in numbers)
    first = data.draw(st.integers(0, len(numbers) - 1))
    last = data.draw(st.integers(first, len(numbers) - 1))
    words = [(word.start(), word.end()) for word in re.finditer(r"\S+", text)]
    start, end = words[first][0], words[last][1]
    directive = fragment(text, start, end)
    assert directive
    assert Document(text).find(directive) == (start, end)


# Read again


@pytest.mark.parametrize(
    ("directives", "read"),
    [
        ("text=ponte", Directive("", "ponte", "", "")),
        ("text=il-,ponte,-sar%C3%A0", Directive("il", "ponte", "", "sarà")),
        ("text=Il,maggio", Directive("", "Il", "maggio", "")),
        ("text=a%2Cb%2D,c%26", Directive("", "a,b-", "c&", "")),
        ("other=x&text=ponte&text=mai", Directive("", "ponte", "", "")),
    ],
)
def test_a_directive_is_read(directives: str, read: Directive) -> None:
    assert parsed(directives) == read


@pytest.mark.parametrize(
    "directives", ["", "text=", "text", "text=,", "text=a,b,c", "text=a-,,-b", "x=ponte"]
)
def test_what_is_no_directive_says_nothing(directives: str) -> None:
    assert parsed(directives) is None


@given(st.text(alphabet="ab-,&=% text", max_size=40))
def test_whatever_stands_behind_the_mark_is_read_or_says_nothing(directives: str) -> None:
    found = parsed(directives)
    assert found is None or found.start


@given(st.tuples(*[st.text(min_size=1, max_size=8)] * 4))
def test_what_was_written_is_read(parts: tuple[str, str, str, str]) -> None:
    assert parsed(str(Directive(*parts))) == Directive(*parts)
