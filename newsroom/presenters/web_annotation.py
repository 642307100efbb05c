"""What readers may know of annotations, as members of containers: tags, then ratings, then evidence.

A tag is in a container while its words stand in the current text of a published article, and what it names
may be named. Ratings and evidence are annotations of their own, with addresses of their own, so that a tag
stays the same whatever is decided about its claim.

A page begins where another one ended, by row, as `paging` has it; over three kinds of rows, so that a page
may end in one and go on in the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    ClaimWording,
    Entity,
    EntityIdentifier,
    Evidence,
    Mention,
    Review,
    Revision,
    Source,
    Target,
    User,
)
from newsroom.text import codes
from newsroom.text.sentences import sentence_around
from newsroom.text.web_annotations import MOTIVATIONS, Quoted, Thing, WebAnnotation, Words

from .annotated_article import may_be_named, speaker
from .ratings import Ratings

#: Annotations on one page.
ON_A_PAGE = 50
#: Annotations that are counted.
MOST_COUNTED = 5_000
#: The kinds of rows in the order of a container, by the letter that names one in the address of a page.
KINDS: dict[str, type[Annotation] | type[Review] | type[Evidence]] = {
    "t": Annotation,
    "r": Review,
    "e": Evidence,
}
#: What `told` wants with the rows of each.
JOINED = {"t": ["article"], "r": ["author", "claim", "appearance"], "e": ["document", "claim"]}

Row = Annotation | Review | Evidence


@dataclass(frozen=True, slots=True)
class Page:
    """Its members, and the names of the pages beside it; "" where there is none."""

    rows: Sequence[Row]
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class Container:
    """What everybody may see at this moment, of all articles or of one."""

    at: datetime
    article: Article | None = None

    def rows(self, kind: str) -> QuerySet[Any]:
        return {"t": self.tags, "r": self.reviews, "e": self.evidence}[kind]()

    def tags(self) -> QuerySet[Annotation]:
        this = {"annotation": OuterRef("pk")}
        # No “equal”, for which PostgreSQL would first list all tags of claims, though a page ends soon.
        just_this = {"annotation__gte": OuterRef("pk"), "annotation__lte": OuterRef("pk")}
        # By its key: told that it is among all that are public, SQLite tries each of them for each mention.
        named = Entity.objects.public().filter(pk=OuterRef("entity"))
        placed = Target.objects.placed().filter(
            **this, role=Target.Role.CONTENT, revision=OuterRef("article__current_revision")
        )
        says = (
            Q(
                Exists(Appearance.objects.filter(**just_this, claim__withdrawn_at=None)),
                kind=Annotation.Kind.CLAIM,
            )
            | Q(
                Exists(Mention.objects.filter(Exists(named), **this)),
                kind=Annotation.Kind.MENTION,
            )
            | Q(
                Exists(Attribution.objects.filter(**just_this).exclude(source__protected=True)),
                kind=Annotation.Kind.ATTRIBUTION,
            )
        )
        found = Annotation.objects.public().filter(says, Exists(placed))
        if self.article is not None:
            return found.filter(article=self.article)
        return found.filter(Exists(Article.objects.published(at=self.at).filter(pk=OuterRef("article"))))

    def reviews(self) -> QuerySet[Review]:
        """Ratings in force: a stale one judged other words, a superseded one was another's."""
        found = Review.objects.filter(state=Review.State.PUBLISHED)
        return found.filter(self._of_public_claims())

    def evidence(self) -> QuerySet[Evidence]:
        return Evidence.objects.standing().filter(self._of_public_claims())

    def _of_public_claims(self) -> Q | Exists:
        """Of an article the few claims; of all, each row's claim by its key: a page ends before the most.

        What stands in a public article is public: asked that as well, PostgreSQL goes through all claims.
        """
        if self.article is not None:
            standing = Appearance.objects.public(at=self.at).filter(annotation__article=self.article)
            return Q(claim__in=standing.order_by().values("claim"), claim__withdrawn_at=None)
        return Exists(Claim.objects.public(at=self.at).filter(pk=OuterRef("claim")))

    def total(self) -> int | None:
        """How many there are; None of more than `MOST_COUNTED`, for to count them each would be read."""
        counted = 0
        for kind in KINDS:
            # In the order of the pages: out of it PostgreSQL sorts all words that were ever tagged.
            counted += self.rows(kind).order_by("pk").values("pk")[: MOST_COUNTED + 1 - counted].count()
            if counted > MOST_COUNTED:
                return None
        return counted

    def page(self, name: str) -> Page | None:
        """The page of this name: `first`, `last`, `after-t-<code>`, `before-t-<code>`. None if it is none."""
        start = None
        if name not in ("first", "last"):
            start = _named(name)
            if start is None:
                return None
        backwards = name == "last" or name.startswith("before-")
        kinds = list(reversed(KINDS)) if backwards else list(KINDS)
        found: list[tuple[str, int, str]] = []
        for kind in kinds[kinds.index(start[0]) :] if start else kinds:
            rows = self.rows(kind).order_by("-pk" if backwards else "pk")
            if start is not None and kind == start[0]:
                rows = rows.filter(pk__lt=start[1]) if backwards else rows.filter(pk__gt=start[1])
            room = ON_A_PAGE + 1 - len(found)
            found += [(kind, pk, codes.encode(uuid)) for pk, uuid in rows.values_list("pk", "uuid")[:room]]
            if len(found) > ON_A_PAGE:
                break
        more, found = len(found) > ON_A_PAGE, found[:ON_A_PAGE]
        if backwards:
            found.reverse()
        has_previous, has_next = (more, start is not None) if backwards else (start is not None, more)
        if not found:
            return Page((), "last" if has_previous else "", "first" if has_next else "")
        return Page(
            list(_in_order(found)),
            f"before-{found[0][0]}-{found[0][2]}" if has_previous else "",
            f"after-{found[-1][0]}-{found[-1][2]}" if has_next else "",
        )


def _named(page: str) -> tuple[str, int] | None:
    """Where a page begins or ends: the kind of a row, and its key."""
    way, _dash, rest = page.partition("-")
    kind, _dash, code = rest.partition("-")
    if way not in ("after", "before") or kind not in KINDS:
        return None
    key = KINDS[kind].objects.with_code(code).values_list("pk", flat=True).first()
    return (kind, key) if key is not None else None


def _in_order(found: Iterable[tuple[str, int, str]]) -> Iterator[Row]:
    keys = defaultdict(list)
    for kind, key, _code in found:
        keys[kind].append(key)
    rows: dict[tuple[str, int], Row] = {}
    for kind, some in keys.items():
        joined = KINDS[kind].objects.select_related(*JOINED[kind])
        rows |= {(kind, row.pk): row for row in joined.filter(pk__in=some)}
    return (rows[kind, key] for kind, key, _code in found)


def member(uuid: Any, *, at: datetime) -> Row | None:
    """The public annotation of this name, of whichever kind."""
    container = Container(at)
    for kind in KINDS:
        found = container.rows(kind).select_related(*JOINED[kind]).filter(uuid=uuid).first()
        if found is not None:
            return found
    return None


def is_gone(uuid: Any, *, at: datetime) -> bool:
    """Whether readers could see it once and it was taken back."""
    articles = Article.objects.published(at=at)
    return (
        Annotation.objects.filter(uuid=uuid, state=Annotation.State.WITHDRAWN, article__in=articles).exists()
        or Review.objects.gone().met(at=at).filter(uuid=uuid).exists()
    )


# What is said of them


def told(rows: Sequence[Row], *, at: datetime, demo: bool) -> list[WebAnnotation]:
    """The same rows as Web Annotations, in a constant number of queries. Wants what JOINED names."""
    tags = [row for row in rows if isinstance(row, Annotation)]
    reviews = [row for row in rows if isinstance(row, Review)]
    told: dict[Row, WebAnnotation] = {}
    judged = {row.appearance.annotation_id for row in reviews if row.appearance is not None}
    places = _Places({row.pk for row in tags}, judged, at=at, demo=demo)
    if tags:
        told |= _Tags(tags, places, at).told()
    if reviews:
        told |= _reviews(reviews, places)
    told |= {row: _evidence(row) for row in rows if isinstance(row, Evidence)}
    return [told[row] for row in rows]


def _address(row: Row) -> str:
    return reverse("data:annotation", args=[row.uuid])


class _Places:
    """Where annotations stand now, as targets, in the order of their roles. Two queries."""

    def __init__(self, tags: Iterable[int], judged: Iterable[int], *, at: datetime, demo: bool) -> None:
        self.demo = demo
        rows = (
            Target.objects.placed()
            .current()
            .public(at=at)
            .filter(annotation__in={*tags, *judged})
            .select_related("revision", "annotation__article")
            .defer("revision__html", "revision__text", "revision__blocks")
            .order_by("annotation", "role", "ordinal")
        )
        self.rows: dict[int, list[Target]] = defaultdict(list)
        for row in rows:
            self.rows[row.annotation_id].append(row)
        self.texts = self._texts()

    def _texts(self) -> dict[int, str]:
        """The texts that are not shown whole: what stands round a quotation is cut to its sentence."""
        quoted = {
            row.revision_id
            for some in self.rows.values()
            for row in some
            if not row.annotation.article.shows_in_full(demo=self.demo)
        }
        return dict(Revision.objects.filter(pk__in=quoted).values_list("pk", "text")) if quoted else {}

    def of(self, annotation: int, *, without: str = "") -> list[Quoted]:
        return [self._quoted(row) for row in self.rows[annotation] if row.role != without]

    def _quoted(self, row: Target) -> Quoted:
        article, revision = row.annotation.article, row.revision
        prefix, suffix = row.prefix, row.suffix
        if (text := self.texts.get(row.revision_id)) is not None:
            first, last = sentence_around(text, row.start, row.end, article.lang)
            prefix = text[max(first, row.start - len(prefix)) : row.start]
            suffix = text[row.end : min(last, row.end + len(suffix))]
        return Quoted(
            source=article.get_absolute_url(),
            exact=row.exact,
            prefix=prefix,
            suffix=suffix,
            start=row.start,
            end=row.end,
            role=row.role,
            # As long as it was a draft nobody could see it.
            dated=max(revision.at, article.published_at),
            cached=reverse("reader:revision", args=[article.slug, revision.number]),
        )


class _Tags:
    """What tags say of their words. At most seven queries."""

    def __init__(self, rows: Sequence[Annotation], places: _Places, at: datetime) -> None:
        self.rows, self.places, self.at = rows, places, at
        keys = [row.pk for row in rows]
        appearances = Appearance.objects.filter(annotation__in=keys).select_related("claim")
        self.claims = {row.annotation_id: row.claim for row in appearances}
        said = Attribution.objects.filter(annotation__in=keys).select_related("source", "claim")
        self.said = {row.annotation_id: row for row in said}
        self.wordings: dict[int, list[ClaimWording]] = defaultdict(list)
        for wording in ClaimWording.objects.filter(claim__in=self.claims.values()).order_by("lang"):
            self.wordings[wording.claim_id].append(wording)
        self.named: dict[int, list[Entity]] = defaultdict(list)
        public = Entity.objects.public().filter(pk=OuterRef("entity"))
        mentions = Mention.objects.filter(Exists(public), annotation__in=keys)
        for mention in mentions.select_related("entity").order_by("pk"):
            self.named[mention.annotation_id].append(mention.entity)
        self.elsewhere: dict[int, list[str]] = defaultdict(list)
        entities = {entity.pk for some in self.named.values() for entity in some}
        for number in EntityIdentifier.objects.filter(entity__in=entities).order_by("scheme", "value"):
            self.elsewhere[number.entity_id].append(number.url)
        linked = [row.claim_id for row in self.said.values() if row.claim_id]
        self.public = set(Claim.objects.public(at=at).filter(pk__in=linked).values_list("pk", flat=True))

    def told(self) -> dict[Row, WebAnnotation]:
        return {
            row: WebAnnotation(
                address=_address(row),
                motivation=MOTIVATIONS[row.kind],
                bodies=list(self._bodies(row)),
                targets=self.places.of(row.pk, without=self._unsaid(row)),
                generator=row.generator,
                confidence=row.confidence,
                created=row.at,
                modified=row.changed_at,
                canonical=row.canonical,
                via=tuple(row.via),
            )
            for row in self.rows
        }

    def _unsaid(self, row: Annotation) -> str:
        """The role of the words that would tell who is not named."""
        said = self.said.get(row.pk)
        hidden = said is not None and said.source is not None and not may_be_named(said.source)
        return Target.Role.SOURCE.value if hidden else ""

    def _bodies(self, row: Annotation) -> Iterator[Words | Thing]:
        if row.kind == Annotation.Kind.CLAIM:
            claim = self.claims[row.pk]
            yield Thing(claim.get_absolute_url(), "classifying")
            yield Words(claim.text, "describing", claim.lang)
            for wording in self.wordings[claim.pk]:
                yield Words(wording.text, "describing", wording.lang)
        elif row.kind == Annotation.Kind.MENTION:
            for entity in self.named[row.pk]:
                same_as = tuple(self.elsewhere[entity.pk])
                yield Thing(entity.get_absolute_url(), "identifying", entity.name, same_as)
        else:
            yield from self._saying(self.said[row.pk])

    def _saying(self, said: Attribution) -> Iterator[Words | Thing]:
        source: Source | None = said.source
        if source is not None and source.has_page:
            yield Thing(source.get_absolute_url(), "identifying", source.name)
        else:
            yield Words(str(speaker(said)), "identifying")
        yield Words(said.quote_type, "tagging", "en")
        if said.claim is not None and said.claim_id in self.public:
            yield Thing(said.claim.get_absolute_url(), "linking", said.claim.text)


def _reviews(rows: Sequence[Review], places: _Places) -> dict[Row, WebAnnotation]:
    """On the words that were judged, while they are public, and on the claim."""
    known = Ratings.load()
    told: dict[Row, WebAnnotation] = {}
    for row in rows:
        words = places.of(row.appearance.annotation_id) if row.appearance is not None else []
        label = known.labels[row.level_id]
        told[row] = WebAnnotation(
            address=_address(row),
            motivation=MOTIVATIONS["review"],
            bodies=[
                Words(known.badge(row).label, "classifying", label.lang),
                Words(row.summary, "assessing", row.lang),
                Thing(row.get_absolute_url(), "assessing"),
            ],
            targets=[
                *(place for place in words if place.role == Target.Role.CONTENT),
                row.claim.get_absolute_url(),
            ],
            creator=_name_of(row.author),
            created=row.published_at,
        )
    return told


def _evidence(row: Evidence) -> WebAnnotation:
    document = row.document
    title = ", ".join(filter(None, (document.title, document.publisher)))
    bodies: list[Words | Thing] = [Words(row.stance, "tagging", "en")]
    if document.url:
        bodies.append(Thing(document.url, "linking", title, exact=row.quotation))
    else:
        bodies.append(Words(title, "linking", document.lang))
        if row.quotation:
            bodies.append(Words(row.quotation, "describing", document.lang))
    return WebAnnotation(
        address=_address(row),
        motivation=MOTIVATIONS["evidence"],
        bodies=bodies,
        targets=[row.claim.get_absolute_url()],
        created=row.checked_at,
    )


def _name_of(user: User) -> str:
    """Of who signs with a name; all else is signed by the newsroom."""
    named = user.signature == User.Signature.NAME and user.get_full_name()
    return str(user.public_name) if named else ""
