"""The text of an article in rows of blocks, with its marks: spans that overlap become runs that never do.

Each run becomes a list of elements, outermost first. Nothing is decided in the template.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import get_language

from newsroom.models import Attribution, Entity, Revision, Target
from newsroom.text.document import Block, Inline, Tag
from newsroom.text.segments import Span, cut
from newsroom.text.sentences import sentence_around

from .notes import Note
from .outcomes import OutcomeLine
from .speakers import page_of
from .standing import Places

#: More notes than this beside one paragraph are folded, and then this many stay in sight.
NOTES_BEFORE_FOLDING, NOTES_KEPT_IN_SIGHT = 4, 3
#: Of what a name stands for this many characters: it is printed at every mention.
GLOSS_LENGTH = 160
#: How layers nest, outermost first; inside a layer the longer span is outside.
_CLAIM, _ATTRIBUTION, _LINK, _STYLE, _ENTITY, _OUTCOME = range(6)


@dataclass(frozen=True, slots=True)
class Mark:
    """One element round a run. `id`, `href` and `title` stand on the first fragment of what it marks.

    `title_lang` is the language of what the title says after its first words, if it is not the page's.
    """

    tag: str
    css: str = ""
    id: str = ""
    href: str = ""
    annotation: str = ""
    title: str = ""
    title_lang: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    marks: tuple[Mark, ...]
    closing: tuple[str, ...]
    refs: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class TextBlock:
    tag: str
    start: int
    attrs: tuple[tuple[str, str], ...]
    opens: tuple[Tag, ...]
    closes: tuple[str, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Row:
    blocks: tuple[TextBlock, ...]
    notes: tuple[Note, ...]
    more: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Tagged words with the sentence round them: what is shown of a text that is not ours to show whole."""

    before: str
    words: str
    after: str
    note: Note


def claim_spans(notes: dict[int, Note], places: Places) -> Iterable[Span]:
    for annotation, note in notes.items():
        badge = note.badge
        css = f"claim tone-{badge.tone} u-{badge.underline}" + (" is-stale" if badge.stale else "")
        mark = Mark("span", css, id=note.mark_id)
        for start, end, _exact in places.of(annotation):
            yield _layered(_CLAIM, start, end, (note.number,), mark)


def attribution_spans(attributions: list[Attribution], places: Places) -> Iterable[Span]:
    for attribution in attributions:
        url = page_of(attribution.source)
        for role in (Target.Role.CONTENT, Target.Role.SOURCE, Target.Role.CUE):
            named = role != Target.Role.CONTENT
            for start, end, _exact in places.of(attribution.annotation_id, role):
                mark = Mark(
                    "a" if url and named else "span",
                    f"attribution attribution-{role}",
                    id="" if named else f"attribution-{attribution.code}",
                    href=url if named else "",
                )
                yield _layered(_ATTRIBUTION, start, end, (attribution.pk, role), mark)


def entity_spans(mentions: list[tuple[int, Entity]], places: Places) -> Iterable[Span]:
    marks: dict[int, Mark] = {}
    for annotation, entity in mentions:
        mark = marks.get(entity.pk) or marks.setdefault(entity.pk, _entity_mark(entity))
        for start, end, _exact in places.of(annotation):
            yield _layered(_ENTITY, start, end, (annotation,), mark)


def _entity_mark(entity: Entity) -> Mark:
    """A link to its page says in a few words what it stands for; a name that leads nowhere says nothing."""
    css = f"entity entity-{entity.kind}"
    if not entity.has_page:
        return Mark("span", css)
    href, kind = entity.get_absolute_url(), str(Entity.Kind(entity.kind).label)
    if not entity.description:
        return Mark("a", css, href=href, title=kind)
    title = f"{kind} · {Truncator(entity.description).chars(GLOSS_LENGTH)}"
    return Mark(
        "a", css, href=href, title=title, title_lang=entity.lang if entity.lang != get_language() else ""
    )


def outcome_spans(outcomes: Iterable[OutcomeLine]) -> Iterable[Span]:
    for line in outcomes:
        if line.start is not None and line.end is not None:
            mark = Mark("span", "flagged", id=line.mark_id)
            yield _layered(_OUTCOME, line.start, line.end, (line.code,), mark)


def style_spans(revision: Revision) -> Iterable[Span]:
    for number, block in enumerate(revision.document.blocks):
        for inline in block.inlines:
            yield _style_span(inline, number)


def _style_span(inline: Inline, block: int) -> Span:
    key = (block, inline.start, inline.kind)
    if inline.kind == "link":
        return _layered(_LINK, inline.start, inline.end, key, Mark("a", "link", href=inline.href))
    return _layered(_STYLE, inline.start, inline.end, key, Mark(inline.kind))


@dataclass(frozen=True, slots=True)
class _Layered:
    """What a span wears: its layer, which of its kind it is, and the element that shows it."""

    layer: int
    length: int
    key: tuple
    mark: Mark


def _layered(layer: int, start: int, end: int, key: tuple, mark: Mark) -> Span:
    return Span(start, end, _Layered(layer, end - start, key, mark))


def _order(span: Span) -> tuple:
    return (span.mark.layer, -span.mark.length, span.mark.key)


def rows_of(
    revision: Revision, spans: list[Span], notes: dict[int, Note], places: Places, *, refs: bool
) -> Iterable[Row]:
    document = revision.document
    starts = [block.start for block in document.blocks]
    inside: list[list[Span]] = [[] for _block in starts]
    for span in spans:
        first = max(bisect_right(starts, span.start) - 1, 0)
        last = bisect_right(starts, span.end - 1)
        for number in range(first, last):
            inside[number].append(span)
    refs_at: dict[int, list[Note]] = defaultdict(list)
    notes_in: dict[int, list[Note]] = defaultdict(list)
    for annotation, note in notes.items():
        end = max(end for _start, end, _exact in places.of(annotation))
        block_number = bisect_right(starts, end - 1) - 1
        notes_in[block_number].append(note)
        if refs:
            # Words may end with the line feed between two blocks, which is on no page.
            refs_at[min(end, document.blocks[block_number].end)].append(note)

    begun: set[tuple] = set()
    number = 0
    for row in document.rows():
        blocks, beside = [], []
        for block in row:
            blocks.append(_text_block(revision.text, block, inside[number], refs_at, begun))
            beside += notes_in[number]
            number += 1
        kept = NOTES_KEPT_IN_SIGHT if len(beside) > NOTES_BEFORE_FOLDING else len(beside)
        yield Row(tuple(blocks), tuple(beside[:kept]), tuple(beside[kept:]))


def _text_block(
    text: str, block: Block, spans: list[Span], refs_at: dict[int, list[Note]], begun: set[tuple]
) -> TextBlock:
    runs = []
    # A note stands where its claim ends, so a run must end there too: the claim's own edge sees to that.
    for segment in cut(text, spans, start=block.start, end=block.end, order=_order):
        marks = _nested(segment.marks, begun)
        runs.append(
            Run(
                segment.text,
                marks,
                tuple(mark.tag for mark in reversed(marks)),
                tuple(refs_at.get(segment.end, ())),
            )
        )
    return TextBlock(block.tag, block.start, block.attrs, block.opens, block.closes, tuple(runs))


def _nested(layered: Iterable[_Layered], begun: set[tuple]) -> tuple[Mark, ...]:
    """The elements round one run. Only the first fragment keeps id and link; no link stands in a link."""
    marks = []
    in_link = False
    for worn in layered:
        mark, key = worn.mark, (worn.layer, worn.key)
        if mark.tag == "a" and in_link:
            mark = Mark("span", mark.css)
        elif key in begun:
            mark = Mark("span" if mark.tag == "a" else mark.tag, mark.css)
        else:
            begun.add(key)
        in_link = in_link or mark.tag == "a"
        marks.append(mark)
    return tuple(marks)


def excerpts_of(revision: Revision, notes: dict[int, Note], places: Places) -> Iterable[Excerpt]:
    for annotation, note in notes.items():
        start, end, words = places.of(annotation)[0]
        first, last = sentence_around(revision.text, start, end)
        yield Excerpt(revision.text[first:start], words, revision.text[end:last], note)
