"""Annotated texts for tests: any script, tags that overlap, nest, cross and stand in several parts."""

from __future__ import annotations

from hypothesis import strategies as st

from newsroom.formats.annotated import (
    ABOUT,
    ABOUT_TAGS,
    KINDS,
    LINKS,
    ROLES,
    AnnotatedText,
    Link,
    Part,
    Tag,
    by_place,
)

#: What is hard to carry: emoji and their joiners, combining marks, right to left, blanks and signs.
HARD = "a b\nÈ e\u0301\t\r\u00a0\u2028👩\u200d🚒🇮🇹 שלום مرحبا 漢字 ñ |[]_*;->\\#\"'=:-.,!? 1,5 ½"
_characters = st.one_of(
    st.sampled_from(HARD), st.characters(exclude_categories=["Cs"], exclude_characters="\0")
)
_words = st.text(_characters, min_size=1, max_size=12)
_labels = st.sampled_from(["PER", "claim", "person", "Disease", "a b", "x:source", "due|parole", "event"])
_known = st.fixed_dictionaries(
    {},
    optional={name: _words for name in ABOUT_TAGS if name not in ("label", "entity_kind", "parent")}
    | {
        "label": _labels,
        "entity_kind": st.sampled_from(["person", "organisation", "place", "event", "altro"]),
    },
)


@st.composite
def tags(draw, length: int, number: int) -> Tag:
    cuts = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=min(6, length + 1))))
    roles = draw(st.lists(st.sampled_from(ROLES), min_size=len(cuts), max_size=len(cuts)))
    spans = list(zip(cuts, cuts[1:], roles, strict=False))
    kept = draw(st.lists(st.sampled_from(spans), min_size=1, max_size=3, unique=True))
    parts = tuple(sorted(Part(*span) for span in kept))
    name = draw(st.sampled_from([str(number), f"T{number}", f"3f0c{number:04d}-aa", f"è {number}/"]))
    return Tag(name, draw(st.sampled_from(KINDS)), parts, draw(_known))


@st.composite
def annotated_texts(draw, number: int = 1) -> AnnotatedText:
    text = draw(st.text(_characters, min_size=1, max_size=60).filter(lambda text: text.strip()))
    count = draw(st.integers(0, 6))
    drawn = sorted((draw(tags(len(text), index)) for index in range(count)), key=by_place)
    names = [tag.id for tag in drawn]
    pairs = [(one, other) for index, one in enumerate(names) for other in names[index + 1 :]]
    links = tuple(
        Link(kind, *pair)
        for kind, pair in draw(
            st.lists(st.tuples(st.sampled_from(LINKS), st.sampled_from(pairs)), max_size=3, unique=True)
            if pairs
            else st.just([])
        )
    )
    return AnnotatedText(
        id=draw(st.sampled_from([f"articolo-{number}", f"{number}", f"../è {number}", f"3f{number:030x}"])),
        text=text,
        lang=draw(st.sampled_from(["", "it", "en-GB"])),
        html=draw(st.sampled_from(["", "<h2>è</h2>"])),
        known=draw(st.fixed_dictionaries({}, optional=dict.fromkeys(ABOUT, _words))),
        tags=tuple(drawn),
        links=links,
    )


corpora = st.integers(1, 3).flatmap(
    lambda count: st.tuples(*(annotated_texts(number) for number in range(1, count + 1)))
)
