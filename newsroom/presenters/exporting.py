"""Articles with their tags, for the formats that carry them: as a reader sees them, or as the desk does.

A hundred articles at a time, with the same number of queries for each hundred, so the memory is flat however
many leave. There are hundreds of rows to an article: those of its tags come from the database as one value.

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

import orjson
from django.db.models import F, QuerySet
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
    Newsroom,
    Review,
    Source,
    Target,
    User,
)
from newsroom.models.article import shown_in_full
from newsroom.models.gathered import Gathered, Row
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
#: A target with its annotation, once for each thing that this mentions: start, end, role; the annotation’s
#: key, UUID and kind; and as one word of JSON, for it is the same for many, the entity and form of the
#: mention, for the desk also its note, who made the annotation, when, and with which program.
_Placed = Sequence[Any]
_ANNOTATION, _ABOUT = 3, 6


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
    #: By annotation: what is known of it. One that is in neither, and mentions nothing, does not leave.
    said: dict[int, Known] = field(default_factory=dict)
    #: The claim that an annotation is an appearance of.
    claim_of: dict[int, int] = field(default_factory=dict)
    relations: list[tuple[int, int, str]] = field(default_factory=list)
    #: By revision: its targets that have a place, with their annotations.
    placed: dict[int, list[_Placed]] = field(default_factory=dict)
    #: What their last words say.
    about: dict[str, list[Any]] = field(default_factory=dict)
    #: By annotation: how sure the program was that proposed it.
    confidence: dict[int, float] = field(default_factory=dict)
    users: dict[int, str] = field(default_factory=dict)
    #: What is known of mentions of one thing by one person at one moment: many, and one for them all. None of
    #: what nobody is to know of.
    mentions: dict[str, Known | None] = field(default_factory=dict)

    def texts(self) -> Iterator[AnnotatedText]:
        rows = {
            row[0]: _ArticleRow(*row)
            for row in Article.objects.filter(pk__in=self.keys).values_list(*_ArticleRow._fields)
        }
        self._read_places([row.current_revision_id for row in rows.values()])
        self._read()
        for key in self.keys:
            if key in rows:
                row = rows[key]
                yield self._text(row, self.placed.get(row.current_revision_id, []))

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
        self.claim_of = dict(appearances)
        self.entities = self._entities({about[0] for about in self.about.values()} - {None})
        self._read_claims(
            {*self.claim_of.values(), *(row[4] for row in said)} - {None}, {row[1] for row in said}
        )
        self._read_said(said)

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

    def _read_places(self, revisions: Sequence[int]) -> None:
        """Where tags stand, and what they are of."""
        columns = ["start", "end", "role", "annotation_id", "annotation__uuid", "annotation__kind"]
        about = ["mentions__entity_id", "mentions__form"]
        if self.view.for_the_desk:
            about += ["mentions__note", "by_id", "at", "generator"]
        gathered = (
            Target.objects.filter(revision__in=revisions, start__isnull=False)
            .filter(annotation__state=Annotation.State.ACCEPTED)
            .order_by()
            .values("revision_id")
            .annotate(rows=Gathered(*map(F, columns), Row(*(f"annotation__{name}" for name in about))))
        )
        for revision, rows in gathered.values_list("revision_id", "rows"):
            self.placed[revision] = orjson.loads(rows)
        words = {row[_ABOUT] for rows in self.placed.values() for row in rows}
        self.about = {word: orjson.loads(word) for word in words}
        if self.view.for_the_desk:
            makers = {by for _entity, _form, _note, by, *_others in self.about.values()}
            self.users = dict(User.objects.filter(pk__in=makers).values_list("pk", "username"))
            proposed = Annotation.objects.filter(article__in=self.keys, state=Annotation.State.ACCEPTED)
            proposed = proposed.exclude(confidence=None)
            self.confidence = dict(proposed.order_by().values_list("pk", "confidence"))

    # What is made of it

    def _text(self, row: _ArticleRow, placed: Sequence[_Placed]) -> AnnotatedText:
        tags: list[Tag] = []
        tag_of: dict[int, str] = {}
        # Most have one part and mention one thing: then one row is all of it.
        last = {target[_ANNOTATION]: target for target in placed}
        others: dict[int, list[_Placed]] = {}
        if len(last) < len(placed):
            for target in placed:
                if last[target[_ANNOTATION]] is not target:
                    others.setdefault(target[_ANNOTATION], []).append(target)
        mentions, confidence = self.mentions, self.confidence
        for annotation, target in last.items():
            start, end, role, _key, uuid, kind, about = target
            name = _dashed(uuid)
            if kind == MENTION and annotation not in others and annotation not in confidence:
                known = mentions[about] if about in mentions else self._mention(about)
                if known is not None:
                    tags.append(Tag(name, MENTION, (Part(start, end, role),), known))
                continue
            whole = [*others.get(annotation, ()), target]
            parts = tuple(sorted({Part(start, end, role) for start, end, role, *_about in whole}))
            found = self._known(annotation, kind, whole)
            if kind == CLAIM and found:
                tag_of.setdefault(self.claim_of[annotation], name)
            # Several things by the same words are as many tags.
            for number, known in enumerate(found, start=1):
                tags.append(Tag(name if number == 1 else f"{name}+{number}", kind, parts, known))
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

    def _known(self, annotation: int, kind: str, rows: Iterable[_Placed]) -> Sequence[Known]:
        """What is known of each thing that an annotation is of; nothing of what nobody is to know of."""
        if kind == MENTION:
            words = {row[_ABOUT] for row in rows}
            told = [known for about in words if (known := self._mention(about)) is not None]
            sure = self.confidence.get(annotation)
            return sorted(
                (known if sure is None else {**known, "confidence": str(sure)} for known in told),
                key=_by_name,
            )
        if kind == CLAIM:
            known = self.claims.get(self.claim_of.get(annotation, 0))
        else:
            known = self.said.get(annotation)
        if known is None:
            return ()
        *_others, row = rows
        sure = self.confidence.get(annotation)
        about = {**known, **self._made(*self.about[row[_ABOUT]][3:])}
        return (about if sure is None else {**about, "confidence": str(sure)},)

    def _mention(self, about: str) -> Known | None:
        """None if nobody is to know of the entity, or there is no mention."""
        if about not in self.mentions:
            entity, form, *others = self.about[about]
            note, *made = others or ("",)
            if form is None or (entity is not None and entity not in self.entities):
                self.mentions[about] = None
            else:
                known = self.entities[entity] if entity is not None else NOTHING
                self.mentions[about] = _filled(**known, form=form, note=note) | self._made(*made)
        return self.mentions[about]

    def _made(self, by: int = 0, moment: str = "", generator: str = "") -> dict[str, str]:
        """Who made it, when, and with which program: for the desk."""
        if not by:
            return {}
        at = datetime.fromisoformat(moment)
        # SQLite keeps the moment without its zone, which is always UTC.
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return _filled(by=self.users[by], at=at.isoformat(), generator=generator)

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


def _filled(**known: str) -> dict[str, str]:
    return {name: value for name, value in known.items() if value}


def _dashed(uuid: str) -> str:
    """SQLite keeps a UUID as 32 digits."""
    if len(uuid) == 32:
        return f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"
    return uuid


def _by_name(known: Known) -> tuple[str, str]:
    return known.get("name", ""), known.get("entity", "")


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
    return f"<p>{escape(text, quote=False).replace(chr(10), '</p>' + chr(10) + '<p>')}</p>"


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
