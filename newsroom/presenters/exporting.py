"""Articles with their tags, for the formats that carry them: as a reader sees them, or as the desk does.

A hundred articles at a time, with the same number of queries for each hundred, so the memory is flat however
many leave. Rows are read as plain tuples: there are hundreds to an article.

Who is protected leaves in neither view, and whom a confidential source really is stands in no column that is
read here. A text that is not ours to show whole leaves as readers see it: tagged words with their sentences.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any, NamedTuple

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    ClaimRelation,
    Entity,
    EntityIdentifier,
    Mention,
    Newsroom,
    Review,
    Source,
    Target,
    User,
)
from newsroom.models.article import shown_in_full
from newsroom.models.searchable import portions
from newsroom.text.annotated import (
    CLAIM,
    MENTION,
    NOTHING,
    AnnotatedText,
    Link,
    Part,
    Tag,
    by_place,
)
from newsroom.text.sentences import sentences

from .ratings import Ratings

PORTION = 100
#: Between two passages that do not follow one another.
LEFT_OUT = "\n[…]\n"

Known = Mapping[str, str]


def annotated_texts(
    articles: QuerySet[Article], *, at: datetime, demo: bool, for_the_desk: bool
) -> Iterator[AnnotatedText]:
    """The articles in their order, those without a text left out.

    For readers, of these those that are published; for the desk drafts too. Suggestions are in neither.
    """
    if not for_the_desk:
        articles = articles.published(at=at)
    keys = list(articles.filter(current_revision__isnull=False).values_list("pk", flat=True))
    if not keys:
        return
    view = _View(at, shown_in_full(demo=demo), for_the_desk, Newsroom.objects.current(), Ratings.load())
    for some in portions(keys, PORTION):
        yield from _Portion(some, view).texts()


@dataclass(frozen=True, slots=True)
class _View:
    at: datetime
    in_full: Sequence[str]
    for_the_desk: bool
    newsroom: Newsroom
    ratings: Ratings


class _ArticleRow(NamedTuple):
    pk: int
    uuid: Any
    slug: str
    lang: str
    headline: str
    standfirst: str
    byline: str
    publisher: str
    date: str
    original_url: str
    rights: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    current_revision_id: int
    current_revision__text: str
    current_revision__html: str


@dataclass(slots=True)
class _Portion:
    """Some articles, and all that their tags refer to."""

    keys: Sequence[int]
    view: _View
    entities: dict[int, Known] = field(default_factory=dict)
    claims: dict[int, Known] = field(default_factory=dict)
    sources: dict[int, Known | None] = field(default_factory=dict)
    #: By annotation: what is known of it. An annotation that is in none of the three does not leave.
    mentions: dict[int, Sequence[Known]] = field(default_factory=dict)
    said: dict[int, Known] = field(default_factory=dict)
    #: The claim that an annotation is an appearance of.
    claim_of: dict[int, int] = field(default_factory=dict)
    relations: list[tuple[int, int, str]] = field(default_factory=list)
    #: By annotation: its name, its kind, and who made it and when as the database has it.
    annotations: dict[int, tuple[str, str, tuple[Any, ...]]] = field(default_factory=dict)
    users: dict[int, str] = field(default_factory=dict)
    #: What is known of tags of one thing by one person at one moment: many, and one for them all.
    with_makers: dict[tuple[Any, ...], Known] = field(default_factory=dict)

    def texts(self) -> Iterator[AnnotatedText]:
        rows = {
            row[0]: _ArticleRow(*row)
            for row in Article.objects.filter(pk__in=self.keys).values_list(*_ArticleRow._fields)
        }
        self._read()
        self._read_annotations()
        parts = self._parts([row.current_revision_id for row in rows.values()])
        for key in self.keys:
            if key in rows:
                row = rows[key]
                yield self._text(row, parts.get(row.current_revision_id, {}))

    # What is read

    def _read(self) -> None:
        standing = {"annotation__article__in": self.keys, "annotation__state": Annotation.State.ACCEPTED}
        appearances = Appearance.objects.filter(**standing).values_list("annotation_id", "claim_id")
        said = list(
            Attribution.objects.filter(**standing).values_list(
                "annotation_id", "source_id", "anonymity_reason", "quote_type", "claim_id", "parent_id",
                "parent__annotation__uuid", "note",
            )
        )  # fmt: skip
        mentions = list(
            Mention.objects.filter(**standing)
            .order_by()
            .values_list("annotation_id", "entity_id", "form", *(["note"] if self.view.for_the_desk else []))
        )
        self.claim_of = dict(appearances)
        self.entities = self._entities({row[1] for row in mentions} - {None})
        self._read_claims(
            {*self.claim_of.values(), *(row[4] for row in said)} - {None}, {row[1] for row in said}
        )
        self._read_mentions(mentions)
        self._read_said(said)

    def _read_mentions(self, rows: Iterable[tuple[Any, ...]]) -> None:
        seen: dict[tuple[Any, ...], Known | None] = {}
        mentions = self.mentions
        for annotation, *named in rows:
            key = tuple(named)
            if key in seen:
                known = seen[key]
            else:
                known = seen[key] = self._mention(*named)
            if known is None:
                continue
            if annotation in mentions:
                mentions[annotation] = sorted((*mentions[annotation], known), key=_by_name)
            else:
                mentions[annotation] = (known,)

    def _mention(self, entity: int | None, form: str, note: str = "") -> Known | None:
        """None if nobody is to know of the entity."""
        if entity is not None and entity not in self.entities:
            return None
        about = self.entities[entity] if entity is not None else NOTHING
        return _filled(**about, form=form, note=note)

    def _read_said(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for annotation, source, anonymity, quote_type, claim, _parent, parent_uuid, note in rows:
            about = self.sources.get(source, NOTHING)
            if about is None:
                continue
            self.said[annotation] = _filled(
                **about,
                anonymity=anonymity,
                quote_type=quote_type,
                claim=self.claims.get(claim, NOTHING).get("claim", ""),
                parent=str(parent_uuid or ""),
                note=note if self.view.for_the_desk else "",
            )

    def _entities(self, keys: set[int]) -> dict[int, Known]:
        """Those that have a page, and for the desk those that go by a pseudonym; nobody who is protected."""
        found = Entity.objects.standing().filter(privacy="", pk__in=keys)
        if not self.view.for_the_desk:
            found = found.public()
        pages: dict[int, str] = {}
        identifiers = EntityIdentifier.objects.filter(entity__in=keys).order_by("entity_id", "pk")
        for entity, scheme, value in identifiers.values_list("entity_id", "scheme", "value"):
            page = EntityIdentifier.PAGES[EntityIdentifier.Scheme(scheme)].format(value)
            pages.setdefault(entity, page)
        return {
            key: _filled(entity=str(uuid), name=name, entity_kind=kind, same_as=pages.get(key, ""))
            for key, uuid, name, kind in found.values_list("pk", "uuid", "name", "kind")
        }

    def _read_claims(self, keys: set[int], speaking: set[int]) -> None:
        found = Claim.objects.filter(withdrawn_at=None)
        if not self.view.for_the_desk:
            found = Claim.objects.public(at=self.view.at)
        rows = list(
            found.filter(pk__in=keys).values_list("pk", "uuid", "text", "lang", "kind", "claimant_id")
        )
        self._read_sources({*speaking, *(row[5] for row in rows)} - {None})
        ratings = self._ratings([row[0] for row in rows])
        for key, uuid, text, lang, kind, claimant in rows:
            self.claims[key] = _filled(
                claim=str(uuid),
                text=text,
                lang=lang,
                claim_kind=kind,
                claimant=(self.sources.get(claimant) or NOTHING).get("name", ""),
                **ratings.get(key, NOTHING),
            )
        self.relations = list(
            ClaimRelation.objects.within(self.claims)
            .order_by("pk")
            .values_list("source_id", "target_id", "kind")
        )

    def _read_sources(self, keys: set[int]) -> None:
        """By their public names. None is one of whom nothing leaves, NOTHING one who is not named."""
        columns = ("pk", "uuid", "name", "kind", "desk_only", "protected", "withdrawn_at")
        for key, uuid, name, kind, desk_only, protected, withdrawn in Source.objects.filter(
            pk__in=keys
        ).values_list(*columns):
            if protected:
                self.sources[key] = None
            elif withdrawn or (desk_only and not self.view.for_the_desk):
                self.sources[key] = NOTHING
            else:
                self.sources[key] = {"source": str(uuid), "name": name, "source_kind": kind}

    def _ratings(self, claims: Sequence[int]) -> dict[int, Known]:
        """Published ratings of what was claimed: no stale one, none of the attribution alone."""
        found = Review.objects.filter(
            claim__in=claims, state=Review.State.PUBLISHED, judges=Review.Judges.CONTENT
        )
        return {
            claim: {"rating": badge.key, "rating_label": badge.label}
            for claim, level in found.values_list("claim_id", "level_id")
            for badge in [self.view.ratings.of_level(level)]
        }

    def _read_annotations(self) -> None:
        """Apart from their targets: joined, the row of an annotation would be looked up for each of them.

        Their names and moments come as words. To make a UUID or a date of each takes longer than to read it,
        and many tags have one moment.
        """
        columns = ["pk", "name", "kind"]
        if self.view.for_the_desk:
            columns += ["by_id", "moment", "generator", "confidence"]
        rows = (
            Annotation.objects.filter(article__in=self.keys, state=Annotation.State.ACCEPTED)
            .annotate(name=Cast("uuid", CharField()), moment=Cast("at", CharField()))
            .order_by()
            .values_list(*columns)
        )
        self.annotations = {row[0]: (_dashed(row[1]), row[2], row[3:]) for row in rows}
        if self.view.for_the_desk:
            makers = {made[0] for _name, _kind, made in self.annotations.values()}
            self.users = dict(User.objects.filter(pk__in=makers).values_list("pk", "username"))

    def _parts(self, revisions: Sequence[int]) -> dict[int, dict[int, tuple[Part, ...]]]:
        """By revision, by annotation: its parts in order of place."""
        # By the index of places: so nothing is sorted.
        placed = Target.objects.filter(revision__in=revisions, start__isnull=False).order_by()
        found: dict[int, dict[int, tuple[Part, ...]]] = {revision: {} for revision in revisions}
        for revision, annotation, *place in placed.values_list(
            "revision_id", "annotation_id", "start", "end", "role"
        ):
            parts = found[revision]
            if annotation in parts:
                parts[annotation] = tuple(sorted((*parts[annotation], Part(*place))))
            else:
                parts[annotation] = (Part(*place),)
        return found

    # What is made of it

    def _text(self, row: _ArticleRow, parts: Mapping[int, tuple[Part, ...]]) -> AnnotatedText:
        tags: list[Tag] = []
        tag_of: dict[int, str] = {}
        mentions, annotations = self.mentions, self.annotations
        for annotation, own in parts.items():
            if annotation not in annotations:
                continue
            name, kind, made = annotations[annotation]
            found = mentions.get(annotation, ()) if kind == MENTION else self._known(annotation, kind)
            for known in found:
                if kind == CLAIM:
                    tag_of.setdefault(self.claim_of[annotation], name)
                if made:
                    known = self._with_maker(known, made)
                tags.append(Tag(name, kind, own, known))
            if len(found) > 1:
                # Several things by the same words.
                for number in range(2, len(found) + 1):
                    index = number - len(found) - 1
                    tags[index] = tags[index]._replace(id=f"{name}+{number}")
        tags.sort(key=by_place)
        text, html = row.current_revision__text, row.current_revision__html
        if not (self.view.for_the_desk or row.rights in self.view.in_full):
            text, tags = _excerpt(text, tags, row.lang)
            html = ""
        return AnnotatedText(
            id=str(row.uuid),
            text=text,
            lang=row.lang,
            html="" if html == _paragraphs(text) else html,
            known=self._about(row),
            tags=_without_lost_parents(tags) if self.said else tuple(tags),
            links=tuple(
                Link(kind, tag_of[one], tag_of[other])
                for one, other, kind in self.relations
                if one in tag_of and other in tag_of
            )
            if tag_of
            else (),
        )

    def _with_maker(self, known: Known, made: tuple[Any, ...]) -> Known:
        # The portion holds what is known, so no other has its identity meanwhile.
        key = id(known), made
        found = self.with_makers.get(key)
        if found is None:
            by, moment, *program = made
            found = self.with_makers[key] = {**known, **_made(self.users[by], moment, *program)}
        return found

    def _known(self, annotation: int, kind: str) -> Sequence[Known]:
        if kind == CLAIM:
            claim = self.claims.get(self.claim_of.get(annotation, 0))
            return () if claim is None else (claim,)
        said = self.said.get(annotation)
        return () if said is None else (said,)

    def _about(self, row: _ArticleRow) -> Known:
        address = self.view.newsroom.address
        is_public = row.published_at is not None and row.published_at <= self.view.at and not row.withdrawn_at
        return _filled(
            headline=row.headline,
            standfirst=row.standfirst,
            byline=row.byline,
            publisher=row.publisher,
            date=row.date,
            original_url=row.original_url,
            slug=row.slug,
            url=address + reverse("reader:article", args=[row.slug]) if address and is_public else "",
        )


def _filled(**known: str) -> Known:
    return {name: value for name, value in known.items() if value}


def _dashed(uuid: str) -> str:
    """SQLite keeps a UUID as 32 digits."""
    if len(uuid) == 32:
        return f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"
    return uuid


def _by_name(known: Known) -> tuple[str, str]:
    return known.get("name", ""), known.get("entity", "")


def _made(by: str, moment: str, generator: str, confidence: float | None) -> Known:
    at = datetime.fromisoformat(moment)
    # SQLite keeps the moment without its zone, which is always UTC.
    known = {"by": by, "at": (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()}
    if generator:
        known["generator"] = generator
    if confidence is not None:
        known["confidence"] = str(confidence)
    return known


def _without_lost_parents(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """Who reported it may be in another article, or not for everybody."""
    names = {tag.id for tag in tags}
    return tuple(
        tag._replace(known={key: value for key, value in tag.known.items() if key != "parent"})
        if tag.known.get("parent", tag.id) not in names
        else tag
        for tag in tags
    )


def _paragraphs(text: str) -> str:
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n"))


def _excerpt(text: str, tags: Sequence[Tag], lang: str) -> tuple[str, list[Tag]]:
    """The sentences in which something is tagged, and the tags at their places in it."""
    bounds = sentences(text, lang)
    starts = [start for start, _end in bounds]
    wanted = sorted(_around(bounds, starts, part.start, part.end) for tag in tags for part in tag.parts)
    ranges: list[list[int]] = []
    for start, end in wanted:
        if ranges and (start <= ranges[-1][1] or text[ranges[-1][1] : start] == " "):
            ranges[-1][1] = max(ranges[-1][1], end)
        else:
            ranges.append([start, end])
    pieces: list[str] = []
    begins: list[int] = []
    length = 0
    for number, (start, end) in enumerate(ranges):
        if number:
            between = LEFT_OUT if text[ranges[number - 1][1] : start].strip() else "\n"
            pieces.append(between)
            length += len(between)
        begins.append(length)
        pieces.append(text[start:end])
        length += end - start
    firsts = [start for start, _end in ranges]

    def moved(part: Part) -> Part:
        index = bisect_right(firsts, part.start) - 1
        by = begins[index] - firsts[index]
        return Part(part.start + by, part.end + by, part.role)

    return "".join(pieces), [tag._replace(parts=tuple(map(moved, tag.parts))) for tag in tags]


def _around(
    bounds: Sequence[tuple[int, int]], starts: Sequence[int], start: int, end: int
) -> tuple[int, int]:
    """From the beginning of the sentence of the first character to the end of that of the last."""
    first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
    return (
        min(start, bounds[first][0]) if first >= 0 and bounds[first][1] > start else start,
        max(end, bounds[last][1]) if last >= 0 else end,
    )
