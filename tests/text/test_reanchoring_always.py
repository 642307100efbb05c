"""What holds of every edit, whatever it does, and of texts that nobody writes."""

from __future__ import annotations

import random
import re
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from newsroom.text.reanchoring import Fate, State, reanchor
from newsroom.text.reanchoring.tokens import fold
from tests.text.hostile import TEXTS
from tests.text.revisions import ENGLISH, ITALIAN, cost_of, edits, ends, spans_of


def check(old: str, new: str, span: tuple[int, int], fate: Fate) -> None:
    """What holds of any fate: it has no place, or one in the text whose words are what the fate says."""
    for candidate in fate.candidates:
        assert 0 <= candidate.start < candidate.end <= len(new)
        assert 0 <= candidate.score <= 1
        assert (candidate.start, candidate.end) != (fate.start, fate.end)
    assert list(fate.candidates) == sorted(fate.candidates, key=lambda candidate: -candidate.score)
    if fate.state == State.ORPHANED:
        assert (fate.start, fate.end, fate.score, fate.needs_check) == (None, None, 0.0, False)
        assert fate.reason in ("gone", "blank", "twice")
        return
    start, end = ends(fate)
    assert 0 <= start < end <= len(new)
    was, now = old[slice(*span)], new[start:end]
    if fate.state == State.ALTERED:
        assert fold(was) != fold(now)
        assert fate.reason in ("words", "facts")
        assert 0.4 <= fate.score < 1
        assert share_words(words_at(old, *span), words_at(new, start, end))
    else:
        assert fold(was) == fold(now)
        assert fate.score == 1
        assert (fate.reason == "") <= (was == now)
        assert fate.reason in ("", "normalised", "neighbours", "twice")


def words_at(text: str, start: int, end: int) -> set[str]:
    """The words, or marks, that a span has a part of."""
    return {
        fold(found.group())
        for found in re.finditer(r"(?:\w[\u0300-\u036f\u200b\u00ad]*)+|[^\w\s]", text)
        if found.end() > start and found.start() < end
    }


def share_words(was: set[str], now: set[str]) -> bool:
    """The same word is in both, or one in another form."""
    return bool(was & now) or any(Indel.normalized_similarity(*pair) >= 0.7 for pair in product(was, now))


@given(st.data())
def test_after_twenty_edits_every_span_stands_on_its_words_or_nowhere(data: st.DataObject) -> None:
    first = data.draw(st.sampled_from([ITALIAN, ENGLISH]))
    spans = data.draw(st.lists(spans_of(first), min_size=1, max_size=12))
    text, carried = first, spans
    for _ in range(20):
        new = data.draw(edits(text))
        fates = reanchor(text, new, carried)
        assert len(fates) == len(carried)
        if text != new:
            for span, fate in zip(carried, fates, strict=True):
                check(text, new, span, fate)
        carried = [ends(fate) for fate in fates if fate.start is not None]
        text = new
    if first != text:
        for span, fate in zip(spans, reanchor(first, text, spans), strict=True):
            check(first, text, span, fate)


@given(st.data())
def test_a_fate_is_the_same_each_time_and_whatever_the_other_spans_are(data: st.DataObject) -> None:
    old = new = data.draw(st.sampled_from([ITALIAN, ENGLISH]))
    for _ in range(data.draw(st.integers(1, 5))):
        new = data.draw(edits(new))
    spans = data.draw(st.lists(spans_of(old), min_size=1, max_size=8))
    fates = dict(zip(spans, reanchor(old, new, spans), strict=True))
    again = data.draw(st.permutations(spans))
    assert reanchor(old, new, again) == [fates[span] for span in again]
    assert reanchor(old, new, spans[:1]) == [fates[spans[0]]]


@given(TEXTS, TEXTS, st.data())
def test_of_any_two_texts_every_span_has_a_fate_either_way(old: str, new: str, data: st.DataObject) -> None:
    for here, there in ((old, new), (new, old)):
        spans = data.draw(st.lists(spans_of(here), max_size=5))
        fates = reanchor(here, there, spans)
        assert fates == [reanchor(here, there, [span])[0] for span in spans]
        if old != new:
            for span, fate in zip(spans, fates, strict=True):
                check(here, there, span, fate)


@given(TEXTS, st.data())
def test_in_equal_texts_every_span_stays_where_it_is(text: str, data: st.DataObject) -> None:
    spans = data.draw(st.lists(spans_of(text), max_size=5))
    assert reanchor(text, text, spans) == [Fate(State.EXACT, start, end, 1.0) for start, end in spans]


@given(st.data())
def test_a_sentence_put_in_far_away_leaves_every_span_exact(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([ITALIAN, ENGLISH]))
    start = data.draw(st.integers(0, text.index("\n") - 1))
    end = data.draw(st.integers(start + 1, text.index("\n")))
    sentence = " Lo zucchero filato costa poco in fiera."
    if text[start:end].isspace():
        return
    behind = reanchor(text, text + sentence, [(start, end)])[0]
    assert behind == Fate(State.EXACT, start, end, 1.0)
    before = reanchor(text, sentence[1:] + "\n" + text, [(start, end)])[0]
    assert before == Fate(State.EXACT, start + len(sentence), end + len(sentence), 1.0)


@pytest.fixture(scope="module")
def long_texts() -> dict[str, tuple[str, str]]:
    """Pairs of 100,000 characters or words: as an editor leaves them, and as nobody writes."""
    dice = random.Random(3)
    words = (ITALIAN + " " + ENGLISH).split()
    sentences = [" ".join(dice.choices(words, k=dice.randint(6, 25))) + "." for _ in range(1250)]
    prose = "\n".join(" ".join(sentences[n : n + 4]) for n in range(0, 1250, 4)).ljust(100_000, "a")[:100_000]
    shuffled = prose.split("\n")
    dice.shuffle(shuffled)
    half = [word if dice.random() < 0.5 else str(dice.random()) for word in prose.split(" ")]
    other = ["".join(dice.choices("abcdefgilmnoprstuvz", k=dice.randint(1, 11))) for _ in range(15_000)]
    return {
        "edited": (prose, prose.replace("milioni", "miliardi").replace(" Residents", " Most residents")),
        "shuffled": (prose, "\n".join(shuffled)),
        "doubled": (prose[:50_000], f"{prose[:50_000]}\n{prose[:50_000]}"),
        "half rewritten": (prose, " ".join(half)),
        "another text": (prose, " ".join(other)),
        "marks": ("!" * 100_000, "!?" * 50_000),
        "one word": ("parola " * 100_000, "parola " * 50_000 + "altra " * 50_000),
        "letters": (" ".join(dice.choices("abcdef", k=50_000)), " ".join(dice.choices("abcdef", k=50_000))),
        "one long word": ("a" * 100_000, "a" * 50_000 + "b" * 50_000),
        "a line without blanks": (
            "".join(dice.choices("ab.", k=100_000)),
            "".join(dice.choices("ab.", k=100_000)),
        ),
    }


LONG = """edited, shuffled, doubled, half rewritten, another text, marks, one word, letters, one long word,
a line without blanks"""


@pytest.mark.parametrize("name", re.split(r",\s+", LONG))
def test_a_hundred_thousand_characters_cost_seconds_and_no_gigabytes(
    name: str, long_texts: dict[str, tuple[str, str]]
) -> None:
    old, new = long_texts[name]
    dice = random.Random(5)
    spans = [(start := dice.randrange(len(old) - 160), start + dice.randint(4, 160)) for _ in range(1000)]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        fates, seconds, megabytes = alone.submit(cost_of, old, new, spans).result()
    assert seconds < 10
    assert megabytes < 200
    for span, fate in zip(spans[:200], fates[:200], strict=True):
        check(old, new, span, fate)
