"""The deed: all texts become articles with annotations, or none does."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _

from newsroom.actions.deeds import record_imports
from newsroom.actions.refusals import Refused, require
from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    ArticleAddress,
    Attribution,
    ClaimRelation,
    Mention,
    Newsroom,
    Reading,
    Revision,
    Rights,
    Suggestion,
    Target,
    User,
)
from newsroom.models.article import RESERVED_SLUGS
from newsroom.models.identity import validate_lang
from newsroom.models.searchable import pay_debts
from newsroom.text import dates, document
from newsroom.text.annotated import ATTRIBUTION, CLAIM, CONTENT, MENTION, AnnotatedText, Tag
from newsroom.text.selectors import quoted

from .fitting import Fitted, fitted
from .inserting import fresh_uuids, insert
from .naming import Names, NewName

PORTION = 100
#: Of an article that came under no UUID: the same file brought again is the same article.
_NAMESPACE = uuid5(NAMESPACE_URL, "https://controluce.example/imported")
_NAME = Mention.Form.NAME.value
_ACCEPTED, _SUGGESTED = Annotation.State.ACCEPTED.value, Annotation.State.SUGGESTED.value
_UUID_DIGITS = 32
_FORMS = frozenset(Mention.Form.values)
_MentionRow = tuple["_Made", int | None, str, str]
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(slots=True)
class Report:
    """What became of what was brought."""

    #: Articles that are new, that were here and got tags, that were here with all of them.
    made: list[Article] = field(default_factory=list)
    tagged: list[Article] = field(default_factory=list)
    unchanged: list[Article] = field(default_factory=list)
    #: Articles that were here with another text, and were left alone: what was brought had no tags.
    differing: list[Article] = field(default_factory=list)
    annotations: int = 0
    #: New rows by their kind: `claim`, `entity`, `source`.
    named: Counter[str] = field(default_factory=Counter)
    #: The new rows, and how many rows the tags name that were here before, by their kind.
    new_names: list[NewName] = field(default_factory=list)
    known: Counter[str] = field(default_factory=Counter)
    #: What was brought and is not kept: `ratings`, `attributions`, `links`, texts that are `differing`.
    left: Counter[str] = field(default_factory=Counter)

    def add(self, other: Report) -> None:
        """What became of another portion; whom both name, who asks for both knows."""
        self.made += other.made
        self.tagged += other.tagged
        self.unchanged += other.unchanged
        self.differing += other.differing
        self.annotations += other.annotations
        self.left += other.left


@transaction.atomic
def store(
    texts: Iterable[AnnotatedText], *, by: User, at: datetime, rights: str = Rights.QUOTATION
) -> Report:
    """Makes a draft of each text, and an annotation of each tag; all of it or nothing.

    A text that is here already, by its id and its words, gets the tags that it lacks. With other words under
    the same id it is refused, and so is what does not fit its text; one without tags is left as it is here
    and reported, as nothing has to find its place in it. A tag that a program made is a suggestion. Ratings
    are not taken: here they come from reviews.
    """
    require(by, "add_article")
    require(by, "add_annotation")
    importing = _Importing(by, at, rights)
    remaining = iter(texts)
    while some := list(islice(remaining, PORTION)):
        importing.take([fitted(text) for text in some])
    importing.report.named = importing.names.made
    importing.report.new_names = importing.names.new
    importing.report.known = Counter({kind: len(keys) for kind, keys in importing.names.known.items()})
    return importing.report


def foresee(
    texts: Iterable[AnnotatedText], *, by: User, at: datetime, rights: str = Rights.QUOTATION
) -> Report:
    """What `store` would do, and nothing of it done: each portion is stored, and taken back.

    So it refuses what `store` refuses, and others write in between. The articles of the report that would be
    made are nowhere afterwards.
    """
    require(by, "add_article")
    require(by, "add_annotation")
    report, seen = Report(), set[UUID]()
    new: dict[NewName, None] = {}
    known: dict[str, set[int]] = {}
    remaining = iter(texts)
    while some := list(islice(remaining, PORTION)):
        importing = _Importing(by, at, rights)
        importing.seen = seen
        with transaction.atomic():
            importing.take([fitted(text) for text in some])
            transaction.set_rollback(True)
        report.add(importing.report)
        # What two portions name alike is made by the first of them.
        new |= dict.fromkeys(importing.names.new)
        for kind, keys in importing.names.known.items():
            known.setdefault(kind, set()).update(keys)
    report.new_names = list(new)
    report.named = Counter(name.of for name in new)
    report.known = Counter({kind: len(keys) for kind, keys in known.items()})
    return report


@dataclass(slots=True, eq=False)
class _Made:
    """An annotation that is new, without the weight of a row of the model: there are hundreds to a text."""

    #: Its 32 digits.
    uuid: str
    article_id: int
    kind: str
    state: str
    generator: str
    confidence: float | None
    pk: int = 0


@dataclass(slots=True)
class _Tagging:
    """The annotations of one article in the making."""

    article: Article
    text: AnnotatedText
    revision: Revision
    is_new: bool
    #: By the id of the first tag that made it.
    annotations: dict[str, Annotation | _Made] = field(default_factory=dict)
    added: list[_Made] = field(default_factory=list)


class _Importing:
    def __init__(self, by: User, at: datetime, rights: str) -> None:
        self.by, self.at, self.rights = by, at, rights
        self.names = Names(by=by, at=at)
        self.report = Report()
        self.lang = Newsroom.objects.current().lang
        self.seen: set[UUID] = set()
        self.uuids = fresh_uuids()
        self.may_relate = by.has_perm("newsroom.add_claimrelation")

    def take(self, fits: Sequence[Fitted]) -> None:
        """One portion, in as many queries whatever is in it."""
        uuids = [_uuid_of(fit.text) for fit in fits]
        for uuid, fit in zip(uuids, fits, strict=True):
            if uuid in self.seen:
                raise Refused(_("“%(text)s” comes twice.") % {"text": _called(fit.text)}, code="twice")
            self.seen.add(uuid)
        here = {
            article.uuid: article
            for article in Article.objects.for_change().filter(uuid__in=uuids).order_by("pk")
        }
        revisions = Revision.objects.defer("html", "blocks").in_bulk(
            [article.current_revision_id for article in here.values() if article.current_revision_id]
        )
        new = [(uuid, fit) for uuid, fit in zip(uuids, fits, strict=True) if uuid not in here]
        works = self._make_articles(new)
        for uuid, fit in zip(uuids, fits, strict=True):
            if uuid in here:
                article = here[uuid]
                revision = revisions.get(article.current_revision_id)
                if revision is None or revision.text != fit.text.text:
                    if not fit.text.tags:
                        self.report.differing.append(article)
                        self.report.left["differing"] += 1
                        continue
                    words = _("“%(text)s” is here already, with another text.")
                    raise Refused(words % {"text": _called(fit.text)}, code="text")
                works.append(_Tagging(article, fit.text, revision, is_new=False))
        known = self._tags_here([work for work in works if not work.is_new])
        # Of what is here already nothing is named anew.
        self.names.learn([_with_fresh_tags(work, known.get(work.article.pk, {})) for work in works])
        self._tag(works, known)
        record_imports(
            (
                (
                    work.article,
                    [_dashed(each.uuid) for each in work.added],
                    {"slug": work.article.slug, "new": work.is_new, "annotations": len(work.added)},
                )
                for work in works
                if work.is_new or work.added
            ),
            by=self.by,
            at=self.at,
        )
        pay_debts()
        for work in works:
            lists = self.report
            (lists.made if work.is_new else lists.tagged if work.added else lists.unchanged).append(
                work.article
            )

    # Articles

    def _make_articles(self, new: Sequence[tuple[UUID, Fitted]]) -> list[_Tagging]:
        slugs = self._slugs(new)
        articles = [self._article(uuid, fit.text, slug) for (uuid, fit), slug in zip(new, slugs, strict=True)]
        # Past the QuerySet that pays at once: what is owed to the search is paid once, at the end.
        QuerySet(Article).bulk_create(articles)
        revisions = [
            self._revision(article, fit) for article, (_uuid, fit) in zip(articles, new, strict=True)
        ]
        QuerySet(Revision).bulk_create(revisions)
        QuerySet(Reading).bulk_create(Reading(revision=revision, at=self.at) for revision in revisions)
        for article, revision in zip(articles, revisions, strict=True):
            article.current_revision = revision
        QuerySet(Article).bulk_update(articles, ["current_revision"])
        return [
            _Tagging(article, fit.text, revision, is_new=True)
            for article, revision, (_uuid, fit) in zip(articles, revisions, new, strict=True)
        ]

    def _article(self, uuid: UUID, text: AnnotatedText, slug: str) -> Article:
        known = text.known
        date = known.get("date", "")
        date = date if dates.is_valid(date) else ""
        earliest, latest = dates.bounds(date)
        url = known.get("original_url", "")
        return Article(
            uuid=uuid,
            slug=slug,
            lang=self._lang(text.lang),
            headline=_fitting(known.get("headline") or text.text.partition("\n")[0], "headline"),
            standfirst=known.get("standfirst", ""),
            byline=_fitting(known.get("byline", ""), "byline"),
            publisher=_fitting(known.get("publisher", ""), "publisher"),
            original_url=url if _WEB.fullmatch(url) and len(url) <= 1000 else "",
            date=date,
            date_earliest=earliest,
            date_latest=latest,
            rights=self.rights,
        )

    def _revision(self, article: Article, fit: Fitted) -> Revision:
        return Revision(
            article=article,
            number=1,
            html=document.write(fit.document),
            text=fit.text.text,
            blocks=fit.document.to_data(),
            sha256=hashlib.sha256(fit.text.text.encode()).hexdigest(),
            kind=Revision.Kind.FIRST,
            by=self.by,
            at=self.at,
        )

    def _slugs(self, new: Sequence[tuple[UUID, Fitted]]) -> list[str]:
        """The address that each had elsewhere or is made of its headline; a taken one gets the code."""
        wanted = []
        for _uuid, fit in new:
            known = fit.text.known
            words = known.get("slug") or known.get("headline") or fit.text.text.partition("\n")[0]
            wanted.append(slugify(words)[:100].strip("-") or "articolo")
        taken = set(RESERVED_SLUGS)
        for model in (Article, ArticleAddress):
            taken.update(model.objects.filter(slug__in=wanted).values_list("slug", flat=True))
        slugs = []
        for (uuid, _fit), slug in zip(new, wanted, strict=True):
            slug = f"{slug[:80]}-{uuid.hex[:12]}" if slug in taken else slug
            taken.add(slug)
            slugs.append(slug)
        return slugs

    def _lang(self, lang: str) -> str:
        return lang if len(lang) <= 35 and validate_lang.regex.search(lang) else self.lang

    # Tags

    def _tag(self, works: Sequence[_Tagging], known: dict[int, dict[Any, Annotation]]) -> None:
        uuids = [uuid for work in works for tag in work.text.tags if (uuid := _uuid(_base(tag.id)))]
        elsewhere = {
            uuid.hex for uuid in Annotation.objects.filter(uuid__in=uuids).values_list("uuid", flat=True)
        }
        fresh: list[tuple[_Made, Tag, _Tagging]] = []
        rows: dict[str, list[Any]] = {CLAIM: [], MENTION: [], ATTRIBUTION: []}
        parents: list[tuple[Attribution, str, _Tagging]] = []
        for work in works:
            here = known.get(work.article.pk, {})
            for tag in work.text.tags:
                first = work.annotations.get(_base(tag.id))
                if first is not None and tag.kind == MENTION and tag.id != _base(tag.id):
                    if isinstance(first, _Made):
                        rows[MENTION].append(self._mention(first, tag, work))
                    continue
                if (standing := _standing(tag, here)) is not None:
                    work.annotations[tag.id] = standing
                    continue
                if not _says_something(tag):
                    self.report.left["attributions"] += 1
                    continue
                annotation = self._annotation(tag, work, elsewhere)
                work.annotations[tag.id] = annotation
                work.added.append(annotation)
                fresh.append((annotation, tag, work))
                row = self._row(annotation, tag, work)
                rows[tag.kind].append((annotation, row) if tag.kind == ATTRIBUTION else row)
                if tag.kind == ATTRIBUTION and "parent" in tag.known:
                    parents.append((row, tag.known["parent"], work))
                if "rating" in tag.known:
                    self.report.left["ratings"] += 1
        annotations = [annotation for work in works for annotation in work.added]
        self._insert(annotations)
        insert(
            Target,
            ("annotation_id", "revision_id", "role", "ordinal", "start", "end", "exact", "prefix", "suffix"),
            (target for each in fresh for target in _targets(*each)),
            confirmed_by_id=self.by.pk,
            confirmed_at=self.at,
        )
        insert(Appearance, ("annotation_id", "claim_id"), ((row.pk, claim) for row, claim in rows[CLAIM]))
        insert(
            Mention,
            ("annotation_id", "entity_id", "form", "note"),
            ((row.pk, *others) for row, *others in _once(rows[MENTION])),
        )
        insert(Suggestion, ("annotation_id",), ((row.pk,) for row in annotations if row.state == _SUGGESTED))
        for annotation, attribution in rows[ATTRIBUTION]:
            attribution.annotation_id = annotation.pk
        Attribution.objects.bulk_create([row for _annotation, row in rows[ATTRIBUTION]], batch_size=500)
        self._hang(parents)
        related = [work for work in works if work.text.links]
        appearances = Appearance.objects.filter(annotation__article__in=[work.article.pk for work in related])
        claim_of = dict(appearances.values_list("annotation_id", "claim_id")) if related else {}
        for work in related:
            self._relate(work, claim_of)
        self.report.annotations += len(annotations)

    def _annotation(self, tag: Tag, work: _Tagging, elsewhere: set[str]) -> _Made:
        given = _uuid(tag.id)
        uuid = given.hex if given else next(self.uuids)
        if uuid in elsewhere:
            uuid = next(self.uuids)
        elsewhere.add(uuid)
        generator = tag.known.get("generator", "")[:80]
        state = _SUGGESTED if generator else _ACCEPTED
        confidence = _share(tag.known.get("confidence", ""))
        return _Made(uuid, work.article.pk, tag.kind, state, generator, confidence)

    def _insert(self, annotations: Sequence[_Made]) -> None:
        """With the keys that the database gave them."""
        names = ("uuid", "article_id", "kind", "state", "generator", "confidence")
        rows = map(attrgetter(*names), annotations)
        insert(Annotation, names, rows, by_id=self.by.pk, at=self.at)
        articles = {row.article_id for row in annotations}
        # As words at once: to make a UUID of each takes longer than to read it.
        there = Annotation.objects.filter(article__in=articles).annotate(name=Cast("uuid", CharField()))
        keys = {name.replace("-", ""): key for name, key in there.order_by().values_list("name", "pk")}
        for row in annotations:
            row.pk = keys[row.uuid]

    def _row(self, annotation: _Made, tag: Tag, work: _Tagging) -> Any:
        if tag.kind == CLAIM:
            return annotation, self.names.claim(tag, work.text)
        if tag.kind == MENTION:
            return self._mention(annotation, tag, work)
        source = self.names.source(tag)
        quote_type = tag.known.get("quote_type", "")
        anonymity = tag.known.get("anonymity", "") or ("" if source else _("Not said in the imported file."))
        return Attribution(
            source_id=source,
            anonymity_reason=anonymity[:300],
            quote_type=quote_type
            if quote_type in Attribution.QuoteType.values
            else Attribution.QuoteType.INDIRECT,
            claim_id=self.names.claim_called(tag.known.get("claim", "")),
            note=tag.known.get("note", ""),
        )

    def _mention(self, annotation: _Made, tag: Tag, work: _Tagging) -> _MentionRow:
        form = tag.known.get("form", "")
        return (
            annotation,
            self.names.entity(tag, work.text),
            form if form in _FORMS else _NAME,
            tag.known.get("note", "")[:200],
        )

    def _hang(self, parents: Sequence[tuple[Attribution, str, _Tagging]]) -> None:
        """Who reported it, once all are there; of one that was here before, the row is asked for."""
        wanted = {
            annotation.pk
            for _row, parent, work in parents
            if (annotation := work.annotations.get(parent)) is not None
        }
        rows = Attribution.objects.in_bulk(wanted, field_name="annotation_id") if wanted else {}
        hung = []
        for row, parent, work in parents:
            annotation = work.annotations.get(parent)
            if annotation is not None and annotation.pk in rows:
                row.parent_id = rows[annotation.pk].pk
                hung.append(row)
        if hung:
            Attribution.objects.bulk_update(hung, ["parent"])

    def _relate(self, work: _Tagging, claim_of: dict[int, int]) -> None:
        """Relations between claims of the text that are not here yet; `claim_of` has them by annotation."""
        by_id = {tag.id: tag for tag in work.text.tags}
        pairs = []
        for link in work.text.links:
            one, other = by_id[link.subject], by_id[link.object]
            if one.kind == other.kind == CLAIM and self.may_relate:
                first, second = (claim_of.get(work.annotations[tag.id].pk) for tag in (one, other))
                if first is not None and second is not None and first != second:
                    pairs.append((first, second, link.kind))
                    continue
            self.report.left["links"] += 1
        claims = {key for one, other, _kind in pairs for key in (one, other)}
        here = set(ClaimRelation.objects.within(claims).values_list("source_id", "target_id", "kind"))
        new = []
        for one, other, kind in pairs:
            turned = kind in ClaimRelation.MUTUAL or kind in ClaimRelation.WITHOUT_CIRCLES
            if (one, other, kind) in here:
                continue
            if turned and (other, one, kind) in here:
                self.report.left["links"] += kind in ClaimRelation.WITHOUT_CIRCLES
                continue
            here.add((one, other, kind))
            new.append(ClaimRelation(source_id=one, target_id=other, kind=kind))
        ClaimRelation.objects.bulk_create(new)

    @staticmethod
    def _tags_here(works: Sequence[_Tagging]) -> dict[int, dict[Any, Annotation]]:
        """By article, the annotations that it has: by their UUID, the live ones by their place too."""
        if not works:
            return {}
        here: dict[int, dict[Any, Annotation]] = {work.article.pk: {} for work in works}
        annotations = {row.pk: row for row in Annotation.objects.filter(article__in=here)}
        places: dict[int, set[tuple[int, int, str]]] = {}
        targets = Target.objects.placed().filter(revision__in=[work.revision.pk for work in works])
        for annotation, start, end, role in targets.values_list("annotation_id", "start", "end", "role"):
            places.setdefault(annotation, set()).add((start, end, role))
        for key, annotation in annotations.items():
            here[annotation.article_id][str(annotation.uuid)] = annotation
            if annotation.is_live and key in places:
                here[annotation.article_id][annotation.kind, frozenset(places[key])] = annotation
        return here


def _called(text: AnnotatedText) -> str:
    return (text.known.get("headline") or text.id)[:80]


def _uuid(given: str) -> UUID | None:
    if len(given) < _UUID_DIGITS:
        # Many formats count their tags: to try each costs more than to look.
        return None
    try:
        return UUID(given)
    except ValueError:
        return None


def _dashed(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _uuid_of(text: AnnotatedText) -> UUID:
    return _uuid(text.id) or uuid5(_NAMESPACE, f"{text.id}\n{text.text}")


def _base(name: str) -> str:
    """The annotation of a mention of several things: `<UUID>+2` is of `<UUID>`."""
    base, plus, number = name.rpartition("+")
    return base if plus and number.isdecimal() else name


def _place(tag: Tag) -> Any:
    return tag.kind, frozenset(tuple(part) for part in tag.parts)


def _standing(tag: Tag, here: dict[Any, Annotation]) -> Annotation | None:
    """The annotation that a tag is, of those of its article: by its UUID, else by its place."""
    return (here.get(_base(tag.id)) or here.get(_place(tag))) if here else None


def _says_something(tag: Tag) -> bool:
    return tag.kind != ATTRIBUTION or any(part.role == CONTENT for part in tag.parts)


def _with_fresh_tags(work: _Tagging, here: dict[Any, Annotation]) -> AnnotatedText:
    """The text with those of its tags that are to be made."""
    fresh = tuple(tag for tag in work.text.tags if _standing(tag, here) is None and _says_something(tag))
    return work.text if len(fresh) == len(work.text.tags) else replace(work.text, tags=fresh)


def _targets(annotation: _Made, tag: Tag, work: _Tagging) -> Iterator[tuple[Any, ...]]:
    ordinals: dict[str, int] = {}
    for start, end, role in tag.parts:
        ordinal = ordinals.get(role, 0)
        ordinals[role] = ordinal + 1
        place = (role, ordinal, start, end)
        yield annotation.pk, work.revision.pk, *place, *quoted(work.text.text, start, end)


def _once(mentions: Sequence[_MentionRow]) -> Iterator[_MentionRow]:
    """No entity twice in one annotation."""
    seen = set()
    for mention in mentions:
        key = id(mention[0]), mention[1]
        if key not in seen:
            seen.add(key)
            yield mention


def _share(given: str) -> float | None:
    if not given:
        return None
    try:
        share = float(given)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def _fitting(words: str, name: str) -> str:
    limit = Article._meta.get_field(name).max_length
    return str(Truncator(" ".join(words.split())).chars(limit))
