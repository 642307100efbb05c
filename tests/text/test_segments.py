from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.segments import Segment, Span, cut
from tests.text.hostile import TEXTS

SPANS = st.lists(
    st.builds(Span, st.integers(-5, 40), st.integers(-5, 40), st.sampled_from("abcd")), max_size=12
)
TEXT = "Parole che nessuno ha detto a nessuno. "


@given(TEXTS, SPANS, st.data())
def test_joined_the_segments_are_the_text_and_each_character_wears_exactly_its_marks(
    text: str, spans: list[Span], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    segments = cut(text, spans, start=start, end=end)
    assert "".join(segment.text for segment in segments) == text[start:end]
    at = start
    for segment in segments:
        assert segment.start == at < segment.end
        assert segment.text == text[segment.start : segment.end]
        for place in range(segment.start, segment.end):
            assert sorted(segment.marks) == sorted(s.mark for s in spans if s.start <= place < s.end)
        at = segment.end
    assert all(one.marks != other.marks for one, other in zip(segments, segments[1:], strict=False))


@given(SPANS, st.integers(0, len(TEXT)))
def test_the_nesting_is_the_same_in_every_fragment(spans: list[Span], middle: int) -> None:
    marked = [Span(span.start, span.end, index) for index, span in enumerate(spans)]
    wanted = sorted(marked, key=lambda span: (span.start - span.end, span.start))
    place = {span.mark: index for index, span in enumerate(wanted)}
    for segment in cut(TEXT, marked, end=middle) + cut(TEXT, marked, start=middle):
        assert sorted(segment.marks, key=place.__getitem__) == list(segment.marks)


def test_the_longer_span_is_outside() -> None:
    spans = [Span(2, 4, "short"), Span(0, 4, "long"), Span(3, 7, "late")]
    assert cut("abcdefgh", spans) == [
        Segment(0, 2, "ab", ("long",)),
        Segment(2, 3, "c", ("long", "short")),
        Segment(3, 4, "d", ("long", "late", "short")),
        Segment(4, 7, "efg", ("late",)),
        Segment(7, 8, "h", ()),
    ]


def test_a_given_order_decides_and_equals_keep_the_order_of_input() -> None:
    spans = [Span(0, 3, "b"), Span(0, 1, "a2"), Span(0, 2, "a1")]
    assert cut("x", spans, order=lambda span: span.mark[0]) == [Segment(0, 1, "x", ("a2", "a1", "b"))]


def test_spans_with_equal_marks_that_touch_are_one_run() -> None:
    assert cut("abcd", [Span(0, 2, "m"), Span(2, 4, "m")]) == [Segment(0, 4, "abcd", ("m",))]


def test_no_text_has_no_segments_and_text_without_spans_is_one() -> None:
    assert cut("", [Span(0, 0, "m")]) == []
    assert cut("ab", [Span(1, 1, "m"), Span(2, 1, "m"), Span(5, 9, "m")]) == [Segment(0, 2, "ab", ())]


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (2, 1), (0, 4)])
def test_a_range_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no range"):
        cut("abc", [], start=start, end=end)


def test_5000_spans_over_100_kilobytes_are_cut_at_once() -> None:
    text = "x" * 100_000
    spans = [Span(at * 19, at * 19 + 50 + at % 100, at) for at in range(5000)]
    began = process_time()
    segments = cut(text, spans)
    assert process_time() - began < 0.3  # the bar is 60 ms; benchmarks/ measures, this only stops a quadratic
    assert len(segments) > 5000
