"""The tagging page: the text with all its tags, in blocks that can be drawn alone, and the list of tags.

Everything is drawn from rows read in a constant number of queries. After a save only the blocks that it
touched are read and drawn again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.utils.translation import pgettext

from newsroom.models import Annotation, Appearance, Article, Attribution, Mention, Review, Revision, Target
from newsroom.models.prepared import Prepared
from newsroom.text.codes import encode
from newsroom.text.document import Block
from newsroom.text.segments import Span, cut
from newsroom.text.selectors import joined
from newsroom.text.sentences import sentences

from .annotated_article import Mark, Run, TextBlock, speaker
from .ratings import Badge, Ratings, checking, unchecked

#: How tags nest, outermost first; inside a kind the longer span is outside.
_ORDER = {"claim": 0, "attribution": 1, "link": 2, "style": 3, "mention": 4}


@dataclass(slots=True)
class TagLine:
    """One annotation: its words in the text, what they are, and where the list shows it."""

    pk: int
    code: str
    kind: str
    kind_label: str
    row_version: int
    spans: list[tuple[str, int, int, str]] = field(default_factory=list)
    what: str = ""
    what_lang: str = ""
    badge: Badge | None = None

    @property
    def id(self) -> str:
        return f"tag-{self.code}"

    @property
    def start(self) -> int:
        """Where its content begins; attributions may begin with their source."""
        content = [start for role, start, _end, _exact in self.spans if role == Target.Role.CONTENT]
        return min(content or [start for _role, start, _end, _exact in self.spans])

    @property
    def words(self) -> str:
        return joined(exact for role, _start, _end, exact in self.spans if role == Target.Role.CONTENT)


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class TaggingPage:
    article: Article
    revision: Revision
    blocks: tuple[TextBlock, ...]
    tags: tuple[TagLine, ...]
    kinds: tuple[Kind, ...]


def tagging_page(article: Article) -> TaggingPage:
    """`article` comes with its current revision."""
    revision = article.current_revision
    tags = _tags(revision)
    return TaggingPage(
        article=article,
        revision=revision,
        blocks=tuple(_blocks(revision, article.lang, tags, range(len(revision.document.blocks)))),
        tags=tuple(tags),
        kinds=kinds(Counter(tag.kind for tag in tags)),
    )


def kinds(numbers: Counter[str]) -> tuple[Kind, ...]:
    labels = {
        "claim": pgettext("tags", "Claims"),
        "mention": pgettext("tags", "Names"),
        "attribution": pgettext("tags", "Who says it"),
    }
    return tuple(Kind(name, label, numbers[name]) for name, label in labels.items())


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list as it is now: after which other it stands; "" for the first."""

    tag: TagLine
    after: str


@dataclass(frozen=True, slots=True)
class Touched:
    """What a save changed on the page: blocks, lines of the list, lines that went, and the counts."""

    article: Article
    revision: Revision
    blocks: tuple[TextBlock, ...]
    lines: tuple[Line, ...]
    gone: tuple[str, ...]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where annotations stood on the page, and the codes of those that its list had."""

    spans: tuple[tuple[int, int], ...] = ()
    listed: frozenset[str] = frozenset()


NOWHERE = Standing()


def standing(annotations: Iterable[Annotation]) -> Standing:
    """Where these annotations stand now, in their article's current revision."""
    placed = Target.objects.current().placed().live().filter(annotation__in=list(annotations))
    targets = list(placed.select_related("annotation"))
    return Standing(
        tuple((target.start, target.end) for target in targets),
        frozenset(target.annotation.code for target in targets),
    )


def stood(annotations: Iterable[Annotation], states: Mapping[str, Any]) -> Standing:
    """Where a record says that these annotations stood; of the current revision's length no more."""
    spans: list[tuple[int, int]] = []
    listed = set()
    for annotation in annotations:
        state = states[str(annotation.uuid)]
        spans += [(start, end) for _role, start, end in state["places"]]
        if state["places"] and state["state"] == Annotation.State.ACCEPTED:
            listed.add(annotation.code)
    return Standing(tuple(spans), frozenset(listed))


def touched(
    article: Article,
    annotations: Iterable[Annotation],
    before: Standing,
    now: Sequence[tuple[int, int]] | None = None,
) -> Touched:
    """The blocks on which these annotations stood or stand, and their lines in the list.

    `article` comes with its current revision. `now` is where they stand, for who knows it: all of their
    places. What is read is what lies on these blocks, however much the article has.
    """
    revision = article.current_revision
    annotations = list(annotations)
    starts = revision.block_starts
    numbers: set[int] = set()
    for start, end in [*before.spans, *(_spans_of(revision, annotations) if now is None else now)]:
        if end <= len(revision.text):
            numbers.update(_under(starts, start, end))
    # Whatever stands under a block that is drawn is read: of `annotations` that is all.
    tags = _drawn(revision, [revision.block(number) for number in sorted(numbers)])
    mine = {annotation.pk for annotation in annotations}
    lines = {tag.pk: tag for tag in tags if tag.pk in mine}
    _name_others(lines)
    return Touched(
        article=article,
        revision=revision,
        blocks=tuple(map(_swapped, _blocks(revision, article.lang, tags, sorted(numbers)))),
        lines=tuple(Line(tag, _line_before(revision, tag, tags)) for tag in lines.values()),
        gone=tuple(sorted(before.listed)),
        kinds=kinds(_counted(revision)),
    )


def _spans_of(revision: Revision, annotations: list[Annotation]) -> Iterable[tuple[int, int]]:
    placed = Target.objects.placed().live().filter(revision=revision, annotation__in=annotations)
    return placed.values_list("start", "end")


def _counted(revision: Revision) -> Counter[str]:
    """How many tags of each kind stand in a revision: all that are accepted, but those that have no place.

    Counted so, and not by their places, which are more and have to be told apart.
    """
    return Counter(dict(_NUMBERS.rows(article=revision.article_id, revision=revision.pk)))


def _numbers(article: int, revision: int) -> QuerySet:
    accepted = Annotation.objects.filter(article=article, state=Annotation.State.ACCEPTED)
    lost = Target.objects.orphaned().filter(revision=revision).values("annotation")
    somewhere = Target.objects.placed().filter(revision=revision, annotation=OuterRef("pk"))
    nowhere = Q(pk__in=lost) & ~Exists(somewhere)
    return accepted.exclude(nowhere).order_by().values_list("kind").annotate(number=Count("pk"))


_NUMBERS = Prepared(Annotation, _numbers, "article", "revision")


def suggested_tags(revision: Revision, only: Q | None = None) -> list[TagLine]:
    """What waits for a person, as if it were tagged: of all annotations, or of those that are `only` so."""
    inside = None if only is None else Q(annotation__in=Annotation.objects.filter(only))
    return _tags(revision, inside=inside, state=Annotation.State.SUGGESTED)


def tag_line(annotation: Annotation) -> TagLine | None:
    """The line of one annotation in the current revision; None if it has no place there."""
    tags = _tags(annotation.article.current_revision, inside=Q(annotation=annotation))
    return tags[0] if tags else None


def neighbours(annotation: Annotation) -> list[TagLine]:
    """Other tags of its kind in the same block: what it can be made one with."""
    revision = annotation.article.current_revision
    own = standing([annotation]).spans
    if not own:
        return []
    starts = [block.start for block in revision.document.blocks]
    block = revision.document.blocks[_under(starts, *own[0])[0]]
    inside = Q(start__lt=block.end, end__gt=block.start, annotation__kind=annotation.kind)
    return [tag for tag in _tags(revision, inside=inside) if tag.pk != annotation.pk]


@dataclass(frozen=True, slots=True)
class SentenceLine:
    """A sentence, and of tags and suggestions those that begin in it."""

    start: int
    end: int
    words: str
    tags: tuple[TagLine, ...]
    suggestions: tuple[Any, ...]


def sentence_lines(page: TaggingPage, suggestions: Iterable[Any] = ()) -> list[SentenceLine]:
    """`suggestions` are rows that have a `tag` (`presenters/suggested.py`)."""
    text = page.revision.text
    found = sentences(text, page.article.lang)
    starts = [start for start, _end in found]
    tags: dict[int, list[TagLine]] = defaultdict(list)
    waiting: dict[int, list[Any]] = defaultdict(list)
    for tag in page.tags:
        tags[bisect_right(starts, tag.start) - 1].append(tag)
    for row in suggestions:
        waiting[bisect_right(starts, row.tag.start) - 1].append(row)
    return [
        SentenceLine(start, end, text[start:end], tuple(tags[number]), tuple(waiting[number]))
        for number, (start, end) in enumerate(found)
    ]


def _placed(revision: Revision | int, state: str = Annotation.State.ACCEPTED):
    return Target.objects.placed().filter(revision=revision, annotation__state=state)


def _line_before(revision: Revision, tag: TagLine, drawn: Sequence[TagLine]) -> str:
    """The code of the line that stands before this one in the list; "" if none does.

    Mostly it is `drawn` on the same block, all of whose tags are. Else the places before are looked through.
    """
    starts = revision.block_starts
    since = starts[_under(starts, tag.start, tag.start)[0]]
    for other in reversed([line for line in drawn if (line.start, line.pk) < (tag.start, tag.pk)]):
        if other.start < since:
            break
        if other.words and _begins_at(revision, other.pk, other.start):
            return other.code
    for pk, uuid, start in _BEFORE.rows(revision=revision.pk, annotation=tag.pk, start=tag.start):
        if _begins_at(revision, pk, start):
            return encode(uuid)
    return ""


def _before(revision: int, annotation: int, start: int) -> QuerySet:
    return (
        _placed(revision)
        .filter(role=Target.Role.CONTENT, start__lte=start)
        .exclude(start=start, annotation__gte=annotation)
        .exclude(annotation=annotation)
        .order_by("-start", "-annotation_id")
        .values_list("annotation", "annotation__uuid", "start")[:20]
    )


_BEFORE = Prepared(Target, _before, "revision", "annotation", "start")


def _begins_at(revision: Revision, annotation: int, start: int) -> bool:
    """A span further on of an annotation that begins earlier does not count."""
    return not _EARLIER.rows(annotation=annotation, revision=revision.pk, start=start)


def _earlier(annotation: int, revision: int, start: int) -> QuerySet:
    content = Target.objects.placed().filter(annotation=annotation, revision=revision)
    return content.filter(role=Target.Role.CONTENT, start__lt=start).order_by().values_list("pk")[:1]


_EARLIER = Prepared(Target, _earlier, "annotation", "revision", "start")


def _tags(
    revision: Revision, *, inside: Q | None = None, state: str = Annotation.State.ACCEPTED
) -> list[TagLine]:
    """The tags of a revision, or those with a target `inside`, in order of place: six queries."""
    placed = _placed(revision, state)
    if inside is not None:
        placed = placed.filter(annotation__in=placed.filter(inside).values("annotation"))
    found = _lines(placed.order_by("start", "-end", "pk").values_list(*_OF_LINE))
    if found:
        _say_what(found)
    return sorted(found.values(), key=lambda line: (line.start, line.pk))


def _drawn(revision: Revision, blocks: Iterable[Block]) -> list[TagLine]:
    """Tags with the places that they have on these blocks, in order of place, and how claims stand: one query
    for blocks that follow each other, and that of the scale. What they say is not known yet.

    Of a tag that stands elsewhere too there is only what is drawn here: it makes no line.
    """
    rows: dict[int, tuple[Any, ...]] = {}
    for start, end in _together(blocks):
        for row in _LYING.rows(revision=revision.pk, start=start, end=end):
            rows[row[-1]] = row
    ordered = sorted(rows.values(), key=lambda row: (row[_START], -row[_END], row[-1]))
    found = _lines(ordered)
    known: Ratings | None = None
    for pk, *_line, of, level, judges, state, assignment, _target in ordered:
        if of is None:
            continue
        if level is None:
            found[pk].badge = checking() if assignment else unchecked()
        else:
            known = known or Ratings.load()
            is_stale, is_attribution = state == Review.State.STALE, judges == Review.Judges.ATTRIBUTION
            found[pk].badge = known.of_level(level, attribution=is_attribution, stale=is_stale)
    return sorted(found.values(), key=lambda line: (line.start, line.pk))


#: What `_lines` reads of targets.
_OF_LINE = (
    "annotation", "annotation__uuid", "annotation__kind", "annotation__row_version",
    "role", "start", "end", "exact",
)  # fmt: skip
_START, _END = _OF_LINE.index("start"), _OF_LINE.index("end")


def _together(blocks: Iterable[Block]) -> list[tuple[int, int]]:
    """Where these blocks stand, given in order; those between which a line ends are one."""
    places: list[tuple[int, int]] = []
    for block in blocks:
        if places and block.start <= places[-1][1] + 1:
            places[-1] = (places[-1][0], block.end)
        else:
            places.append((block.start, block.end))
    return places


def _lying(revision: int, start: int, end: int) -> QuerySet:
    claim = "annotation__appearance__claim"
    return (
        _placed(revision)
        .filter(start__lt=end, end__gt=start)
        .annotate(
            review=FilteredRelation(
                f"{claim}__reviews", condition=Q(**{f"{claim}__reviews__state__in": Review.CURRENT})
            ),
            assignment=FilteredRelation(
                f"{claim}__assignments", condition=Q(**{f"{claim}__assignments__closed_at": None})
            ),
        )
        .order_by()
        .values_list(*_OF_LINE, claim, "review__level", "review__judges", "review__state", "assignment", "pk")
    )


_LYING = Prepared(Target, _lying, "revision", "start", "end")


def _lines(rows: Iterable[tuple[Any, ...]]) -> dict[int, TagLine]:
    """By annotation, in the order of these rows, which begin with `_OF_LINE`; what they say is not known."""
    found: dict[int, TagLine] = {}
    for pk, uuid, kind, row_version, role, start, end, exact, *_more in rows:
        line = found.get(pk)
        if line is None:
            line = found[pk] = TagLine(
                pk=pk,
                code=encode(uuid),
                kind=kind,
                kind_label=Annotation.Kind(kind).label,
                row_version=row_version,
            )
        line.spans.append((role, start, end, exact))
    return found


def _say_what(lines: dict[int, TagLine]) -> None:
    """What tags are of, and how their claims stand: for each kind that is there, what it needs."""
    kinds = {line.kind for line in lines.values()}
    if Annotation.Kind.CLAIM in kinds:
        known = Ratings.load()
        claims = {
            appearance.annotation_id: appearance.claim
            for appearance in Appearance.objects.filter(annotation__in=lines).select_related("claim")
        }
        reviews = known.current_of(claim.pk for claim in claims.values())
        for pk, claim in claims.items():
            lines[pk].what, lines[pk].what_lang = claim.text, claim.lang
            lines[pk].badge = known.badge(reviews.get(claim.pk))
    _name_others(lines)


def _name_others(lines: dict[int, TagLine]) -> None:
    """Names and speakers. What a claim says is not asked: its line has its rating."""
    kinds = {line.kind for line in lines.values()}
    if Annotation.Kind.MENTION in kinds:
        names: dict[int, list[str]] = defaultdict(list)
        mentions = Mention.objects.filter(annotation__in=lines, entity__isnull=False).order_by("pk")
        for pk, name in mentions.values_list("annotation", "entity__name"):
            names[pk].append(name)
        for pk, named in names.items():
            lines[pk].what = ", ".join(named)
    if Annotation.Kind.ATTRIBUTION in kinds:
        for attribution in Attribution.objects.filter(annotation__in=lines).select_related("source"):
            lines[attribution.annotation_id].what = speaker(attribution)


@dataclass(frozen=True, slots=True)
class _Worn:
    layer: int
    length: int
    key: tuple
    mark: Mark


def _order(span: Span) -> tuple:
    return span.mark.layer, -span.mark.length, span.mark.key


def _span(layer: str, start: int, end: int, key: tuple, mark: Mark) -> Span:
    return Span(start, end, _Worn(_ORDER[layer], end - start, key, mark))


def _spans(tags: Iterable[TagLine]) -> Iterable[Span]:
    for tag in tags:
        for role, start, end, _exact in tag.spans:
            if tag.kind == Annotation.Kind.CLAIM and role == Target.Role.CONTENT and tag.badge:
                css = f"claim tone-{tag.badge.tone} u-{tag.badge.underline}"
            elif tag.kind == Annotation.Kind.ATTRIBUTION:
                css = f"attribution attribution-{role}"
            elif tag.kind == Annotation.Kind.MENTION:
                css = "entity"
            else:
                continue
            yield _span(tag.kind, start, end, (tag.pk, role), Mark("span", css, annotation=tag.code))


def _under(starts: list[int], start: int, end: int) -> range:
    """The blocks, by number, that a span lies on."""
    return range(max(bisect_right(starts, start) - 1, 0), bisect_right(starts, max(start, end - 1)))


def _blocks(
    revision: Revision, lang: str, tags: list[TagLine], numbers: Iterable[int]
) -> Iterable[TextBlock]:
    starts = revision.block_starts
    inside: dict[int, list[Span]] = defaultdict(list)
    for span in _spans(tags):
        for number in _under(starts, span.start, span.end):
            inside[number].append(span)
    for number in numbers:
        yield _block(revision.text, lang, number, revision.block(number), inside[number])


def _block(text: str, lang: str, number: int, block: Block, spans: list[Span]) -> TextBlock:
    for inline in block.inlines:
        layer, tag = ("link", "span") if inline.kind == "link" else ("style", inline.kind)
        mark = Mark(tag, "link" if inline.kind == "link" else "")
        spans = [*spans, _span(layer, inline.start, inline.end, (inline.kind,), mark)]
    runs = []
    for segment in cut(text, spans, start=block.start, end=block.end, order=_order):
        marks = tuple(worn.mark for worn in segment.marks)
        runs.append(Run(segment.text, marks, tuple(mark.tag for mark in reversed(marks)), ()))
    return TextBlock(
        tag=block.tag,
        start=block.start,
        attrs=(("id", f"block-{number}"), ("data-s", _sentences(text, lang, block)), *block.attrs),
        opens=block.opens,
        closes=block.closes,
        runs=tuple(runs),
    )


def _sentences(text: str, lang: str, block: Block) -> str:
    """The sentences of a block, "start-end start-end …", in code points of the text."""
    found = sentences(text[block.start : block.end], lang)
    return " ".join(f"{block.start + start}-{block.start + end}" for start, end in found)


def _swapped(block: TextBlock) -> TextBlock:
    """A block that htmx puts into the place of the one of its number, in the elements that are there."""
    return replace(block, attrs=(*block.attrs, ("hx-swap-oob", "true")), opens=(), closes=())
