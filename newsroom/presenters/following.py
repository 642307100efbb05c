"""What is new of one thing: of an article, a claim, a source or an entity, for whoever follows it.

A feed of its own and a digest by mail say the same: what a page of the thing says, with the moment since when
it says so. It is looked up when it is told, so nothing is told that is not public any more, nor of whom
no page may tell. As many queries for much as for little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from newsroom.models import (
    Appearance,
    Article,
    Attribution,
    Claim,
    Entity,
    Flag,
    Mention,
    Rectification,
    Revision,
    Source,
)
from newsroom.text.news import Channel, Item, Words

from .corrections import correction_lines, public_corrections
from .feeds import correction_item, rectification_item, review_item, told_reviews
from .flagging import title_of
from .history import public_revisions
from .in_context import Passage, passages
from .ratings import Ratings

Subject = Article | Claim | Source | Entity

#: What a feed of a thing holds, and what is looked for of each kind of news; the newest of it.
NEWEST = 30
#: Passages that stand for an article that names somebody or quotes them.
PASSAGES = 3
#: Since when readers can see a tag: it was made or accepted, and its article is out.
SEEN = Greatest(
    Coalesce("annotation__suggestion__decided_at", "annotation__at"), "annotation__article__published_at"
)


@dataclass(frozen=True, slots=True)
class WaysToFollow:
    """Where a thing is followed: by a feed, and by mail if this site sends any."""

    feed_url: str
    mail_url: str


def ways_to_follow(subject: Subject) -> WaysToFollow:
    mail_url = f"{subject.get_absolute_url()}follow/" if settings.SENDS_MAIL else ""
    return WaysToFollow(thing_feed_url(subject), mail_url)


def thing_feed_url(subject: Subject) -> str:
    """The address of the feed of a thing, with its labels in the active language."""
    language = "" if get_language() == settings.LANGUAGE_CODE else f"-{get_language()}"
    address = subject.get_absolute_url().rstrip("/").rpartition("/")[2]
    return reverse(f"data:feed-{subject._meta.model_name}{language}", args=[address])


def thing_channel(subject: Subject, *, at: datetime) -> Channel:
    """`subject` is one that readers may meet."""
    url = thing_feed_url(subject)
    return Channel(
        # Its address has words in it, which change.
        name=f"{subject._meta.model_name}/{subject.uuid}/{url.rpartition('/')[2]}",
        title=title_of(subject)[0],
        page_url=subject.get_absolute_url(),
        self_url=url,
        first_url="",
        items=news_of(subject, at=at),
    )


def news_of(subject: Subject, *, at: datetime) -> tuple[Item, ...]:
    """The newest first, `NEWEST` at most; in the active language. `subject` is one that readers may meet."""
    found: Iterable[Item]
    match subject:
        case Article():
            found = _of_article(subject, at=at)
        case Claim():
            found = _of_claim(subject, at=at)
        case Source():
            found = _of_source(subject, at=at)
        case _:
            found = _of_entity(subject, at=at)
    found = (*_rectifications(subject), *found)
    return tuple(sorted(found, key=lambda item: item.updated, reverse=True)[:NEWEST])


# -- of an article: its texts, its corrections, the claims in it and their ratings -------------------------


def _of_article(article: Article, *, at: datetime) -> Iterator[Item]:
    yield from _texts(article)
    yield from _corrections(Q(article=article), at=at)
    yield from _outcomes(Q(article=article))
    tagged = Appearance.objects.public(at=at).filter(annotation__article=article, claim__withdrawn_at=None)
    # Those that stood in it from the beginning came with it.
    later = tagged.alias(seen=SEEN).filter(seen__gt=article.published_at)
    yield from _places(later, _("New in “%(headline)s”: a claim"), at=at)
    yield from _ratings(Q(claim__in=tagged.values("claim")), at=at)


def _texts(article: Article) -> Iterator[Item]:
    """As it was first published, and the minor edits: corrections are told with their notes."""
    revisions = public_revisions(article)
    for revision in revisions:
        is_first = revision.pk == revisions[0].pk
        if not is_first and revision.kind != Revision.Kind.MINOR:
            continue
        since = max(article.published_at, revision.at) if is_first else revision.at
        path, title = article.get_absolute_url(), Words(article.headline, article.lang)
        said: tuple[Words, ...] = ()
        if not is_first:
            title = _in_words(_("Small change: %(headline)s"), article)
            said = (Words(revision.note, article.lang),)
            path = reverse("reader:changes", args=[article.slug, revision.number - 1, revision.number])
        elif article.standfirst:
            said = (Words(article.standfirst, article.lang),)
        yield Item(
            name=f"revisions/{revision.uuid}",
            path=path,
            title=title,
            published=since,
            updated=since,
            said=said,
            author=(article.byline or article.publisher) if is_first else "",
        )


# -- of a claim: its ratings, where it stands, the corrections that touched it -----------------------------


def _of_claim(claim: Claim, *, at: datetime) -> Iterator[Item]:
    yield from _ratings(Q(claim=claim), at=at)
    yield from _corrections(Q(claims=claim), at=at)
    yield from _outcomes(Q(claim=claim))
    standing = Appearance.objects.public(at=at).filter(claim=claim)
    yield from _places(standing, _("It stands in “%(headline)s”"), at=at)


# -- of a source, and of an entity: the articles that quote or name it, and the ratings of what it says ----


def _of_source(source: Source, *, at: datetime) -> Iterator[Item]:
    yield from _outcomes(Q(source=source))
    yield from _ratings(Q(claim__claimant=source), at=at)
    said = Attribution.objects.public(at=at).filter(source=source)
    claimed = Appearance.objects.public(at=at).filter(claim__claimant=source, claim__withdrawn_at=None)
    yield from _articles(source, [said, claimed], _("Quoted in “%(headline)s”"), at=at)


def _of_entity(entity: Entity, *, at: datetime) -> Iterator[Item]:
    yield from _outcomes(Q(entity=entity))
    naming = Claim.objects.public(at=at).naming(entity.pk, at=at)
    yield from _ratings(Q(claim__in=naming.order_by().values("pk")), at=at)
    named = Mention.objects.public(at=at).filter(entity=entity, form=Mention.Form.NAME)
    yield from _articles(entity, [named], _("Named in “%(headline)s”"), at=at)


# -- what they share ---------------------------------------------------------------------------------------


def _in_words(template: str, article: Article) -> Words:
    return Words(template % {"headline": article.headline}, get_language() or article.lang)


def _ratings(of: Q, *, at: datetime) -> Iterator[Item]:
    """Each as it stands: that one is to be checked again or was withdrawn is news of it."""
    changed = Coalesce("withdrawn_at", "stale_at", "published_at")
    rows = list(told_reviews(at=at).filter(of).order_by(changed.desc(), "-pk")[:NEWEST])
    known = Ratings.load() if rows else None
    for review in rows:
        assert known is not None
        yield review_item(review, known)


def _corrections(of: Q, *, at: datetime) -> Iterator[Item]:
    rows = list(public_corrections(at=at).filter(of).order_by("-at", "-pk")[:NEWEST])
    for line in correction_lines(rows, at=at) if rows else ():
        yield correction_item(line)


def _rectifications(subject: Subject) -> Iterator[Item]:
    """What those who are named answer."""
    for row in Rectification.objects.about(subject).standing()[:NEWEST]:
        yield rectification_item(row, title_of(subject)[0], row.get_absolute_url())


def _outcomes(of: Q) -> Iterator[Item]:
    """What came of what readers flagged, in the editor's words."""
    flags = Flag.objects.filter(of).with_outcome().order_by("-decided_at", "-pk")
    for flag in flags.select_related("article", "claim", "source", "entity")[:NEWEST]:
        anchor = f"#flag-{flag.code}" if flag.article else ""
        title, lang = title_of(flag.subject)
        yield Item(
            name=f"flags/{flag.uuid}",
            path=f"{flag.subject.get_absolute_url()}{anchor}",
            title=Words(_("What came of a flag: %(title)s") % {"title": title}, get_language() or lang),
            published=flag.decided_at,
            updated=flag.decided_at,
            said=(Words(flag.outcome, flag.lang),),
        )


def _places(rows: QuerySet[Any], title: str, *, at: datetime) -> Iterator[Item]:
    """One for each place: the words of a claim with the sentence that they stand in."""
    newest = rows.annotate(since=SEEN).order_by("-since", "-pk").values_list("annotation", "since", "uuid")
    found = {annotation: (since, uuid) for annotation, since, uuid in newest[:NEWEST]}
    for passage in passages(list(found), at=at) if found else ():
        since, uuid = found[passage.annotation]
        yield Item(
            name=f"appearances/{uuid}",
            path=passage.place_url,
            title=Words(title % {"headline": passage.article_title}, get_language() or passage.lang),
            published=since,
            updated=since,
            said=(_quoted(passage),),
        )


def _articles(subject: Subject, rows: list[QuerySet[Any]], title: str, *, at: datetime) -> Iterator[Item]:
    """One for each article, with the first passages: one that is tagged more is changed."""
    since: dict[int, tuple[datetime, datetime]] = {}
    for some in rows:
        moments = some.order_by().values("annotation__article").annotate(first=Min(SEEN), last=Max(SEEN))
        for article, first, last in moments.order_by("-last").values_list(
            "annotation__article", "first", "last"
        )[:NEWEST]:
            before = since.get(article, (first, last))
            since[article] = (min(before[0], first), max(before[1], last))
    newest = sorted(since, key=lambda article: since[article][1], reverse=True)[:NEWEST]
    articles = Article.objects.in_bulk(newest) if newest else {}
    quoted = _first_passages(rows, newest, at=at)
    for key, article in articles.items():
        yield Item(
            name=f"{subject._meta.model_name}/{subject.uuid}/articles/{article.uuid}",
            path=article.get_absolute_url(),
            title=_in_words(title, article),
            published=since[key][0],
            updated=since[key][1],
            said=tuple(dict.fromkeys(_quoted(passage) for passage in quoted[key])),
        )


def _first_passages(
    rows: list[QuerySet[Any]], articles: list[int], *, at: datetime
) -> dict[int, list[Passage]]:
    tagged: dict[int, set[int]] = defaultdict(set)
    for some in rows if articles else ():
        of_them = some.filter(annotation__article__in=articles).order_by("annotation")
        for annotation, article in of_them.values_list("annotation", "annotation__article"):
            if len(tagged[article]) < PASSAGES:
                tagged[article].add(annotation)
    article_of = {annotation: article for article, some in tagged.items() for annotation in some}
    found: dict[int, list[Passage]] = defaultdict(list)
    for passage in passages(article_of, at=at) if article_of else ():
        found[article_of[passage.annotation]].append(passage)
    return found


def _quoted(passage: Passage) -> Words:
    return Words(f"{passage.before}{passage.words}{passage.after}", passage.lang, quoted=True)
