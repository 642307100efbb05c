"""The desk's front page: what waits, the articles with their registers, what was done lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import chain, groupby
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from newsroom.models import Article, Assignment, Claim, Deed, Review, SavedView, Thread, User

from . import register
from .checking import Counts, Waiting, counts_of_articles, in_queues
from .claim_url import claim_url
from .flags import waiting_flags
from .ratings import Badge, Ratings
from .replies import waiting_replies
from .suggested import numbers_by_article

ARTICLES_ON_A_PAGE, LATEST_DEEDS, WAITING_REVIEWS = 20, 40, 10
STATES = {
    "drafts": gettext_lazy("Drafts"),
    "public": gettext_lazy("Public"),
    "withdrawn": pgettext_lazy("articles", "Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review to approve or to publish, or one that is to be checked again."""

    badge: Badge
    words: str
    lang: str
    url: str
    author: str
    since: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A claim that this person is to check."""

    words: str
    lang: str
    url: str
    due: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class ArticleLine:
    article: Article
    counts: tuple[register.Count, ...]
    to_check: int
    lost: int
    #: Suggestions that wait for a person.
    suggested: int


@dataclass(frozen=True, slots=True)
class Filter:
    label: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A filter that this person keeps under a name."""

    name: str
    url: str
    code: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class DeedLine:
    who: str
    words: str
    times: int
    article: Article | None
    at: datetime
    #: Of a rule that was overridden, why.
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HomePage:
    waiting: tuple[Waiting, ...]
    to_approve: tuple[ReviewLine, ...]
    stale: tuple[ReviewLine, ...]
    mine: tuple[TaskLine, ...]
    views: tuple[ViewLine, ...]
    query: str
    filters: tuple[Filter, ...]
    words: str
    page: Page
    articles: tuple[ArticleLine, ...]
    deeds: tuple[DeedLine, ...]

    @property
    def may_be_kept(self) -> bool:
        """Whether there is a filter that is no view yet."""
        return bool(self.query) and not any(view.chosen for view in self.views)

    @property
    def views_of(self) -> str:
        return str(SavedView.Of.ARTICLES.value)


def home_page(user: User, query: Mapping[str, str], *, at: datetime) -> HomePage:
    """`query` may have `state`, `q` (words of the head) and `page`; nonsense filters nothing."""
    state, words = _chosen(query)
    known, waiting = Ratings.load(), counts_of_articles()
    page = Paginator(_articles(state, words, at=at), ARTICLES_ON_A_PAGE).get_page(query.get("page", "1"))
    return HomePage(
        waiting=(
            *waiting_flags(user, at=at),
            *waiting_replies(user),
            *in_queues(sum(waiting.values(), Counts())),
            *_waiting_threads(user),
        ),
        to_approve=tuple(_to_approve(user, known)),
        stale=tuple(_stale(known)),
        mine=tuple(_mine(user, at=at)),
        views=tuple(_views(user, filter_query(query))),
        query=filter_query(query),
        filters=tuple(_filters(state, words)),
        words=words,
        page=page,
        articles=tuple(_article_lines(list(page.object_list), known, waiting)),
        deeds=tuple(_deeds()),
    )


def _chosen(query: Mapping[str, str]) -> tuple[str, str]:
    state = query.get("state", "") if query.get("state") in STATES else ""
    return state, query.get("q", "").strip()[:200]


def filter_query(query: Mapping[str, str]) -> str:
    """What of an address filters the articles, always written alike; "" if nothing does."""
    return _query(*_chosen(query))


def _query(state: str, words: str) -> str:
    return urlencode({key: value for key, value in (("state", state), ("q", words)) if value})


def _views(user: User, query: str):
    for view in user.saved_views.filter(of=SavedView.Of.ARTICLES):
        yield ViewLine(view.name, f"{reverse('desk:home')}?{view.query}", view.code, view.query == query)


def _articles(state: str, words: str, *, at: datetime) -> QuerySet[Article]:
    articles = Article.objects.newest_first()
    if state == "drafts":
        articles = articles.filter(published_at=None, withdrawn_at=None)
    elif state == "public":
        articles = articles.published(at=at)
    elif state == "withdrawn":
        articles = articles.withdrawn()
    return articles.headed(words) if words else articles


def _waiting_threads(user: User):
    if threads := Thread.objects.open().mentioning(user).count():
        words = ngettext(
            "%(number)d open thread mentions you.", "%(number)d open threads mention you.", threads
        )
        yield Waiting(words % {"number": threads}, reverse("desk:threads"))


def _to_approve(user: User, known: Ratings):
    """Proposals of others, and what was approved, for who may publish them."""
    if not user.has_perm("newsroom.publish_review"):
        return
    waiting, states = Review.objects.waiting(), Review.State
    theirs = waiting.filter(state=states.PROPOSED).exclude(Q(author=user) | Q(contributors=user))
    # Each state by itself: an index has the first of them among all that were ever decided.
    found = chain.from_iterable(
        reviews.select_related("claim", "author").order_by("proposed_at", "pk")[:WAITING_REVIEWS]
        for reviews in (theirs, waiting.filter(state=states.APPROVED))
    )
    for review in sorted(found, key=lambda review: (review.proposed_at, review.pk))[:WAITING_REVIEWS]:
        yield _review_line(review, known, since=review.proposed_at)


def _stale(known: Ratings):
    stale = Review.objects.filter(state=Review.State.STALE).select_related("claim", "author")
    for review in stale.order_by("stale_at", "pk")[:WAITING_REVIEWS]:
        by_document = review.stale_cause == Review.StaleCause.DOCUMENT
        yield replace(
            _review_line(review, known, since=review.stale_at),
            why=review.get_stale_cause_display(),
            **({"url": f"{claim_url(review.claim)}#claim-evidence"} if by_document else {}),
        )


def _mine(user: User, *, at: datetime):
    """What this person is to check: the most urgent first."""
    tasks = Assignment.objects.open().filter(assignee=user).select_related("claim")
    for task in tasks.order_by(F("due").asc(nulls_last=True), "pk")[:WAITING_REVIEWS]:
        is_late = task.due is not None and task.due < localdate(at)
        yield TaskLine(task.claim.text, task.claim.lang, claim_url(task.claim), task.due, is_late)


def _review_line(review: Review, known: Ratings, *, since: datetime) -> ReviewLine:
    claim: Claim = review.claim
    return ReviewLine(
        badge=known.badge(review),
        words=claim.text,
        lang=claim.lang,
        url=claim_url(claim),
        author=str(review.author),
        since=since,
    )


def _filters(state: str, words: str):
    for name, label in {"": gettext_lazy("All"), **STATES}.items():
        yield Filter(str(label), "?" + _query(name, words), name == state)


def _article_lines(articles: list[Article], known: Ratings, waiting: Mapping[int, Counts]):
    numbers = register.of_articles(articles, known)
    suggested = numbers_by_article(articles)
    badges = register.every_badge(known)
    for article in articles:
        url = reverse("desk:article", args=[article.slug])
        counts = register.counts(numbers.get(article.pk, Counter()), badges, url=partial(_filtered, url))
        passages = waiting.get(article.pk, Counts())
        yield ArticleLine(article, counts, passages.to_check, passages.lost, suggested[article.pk])


def _filtered(url: str, rating: str) -> str:
    return f"{url}?rating={rating}"


def _deeds():
    """The latest, those together that one person did to one article in a row, with the same reason if any."""
    latest = Deed.objects.select_related("actor", "article")[:LATEST_DEEDS]

    def told(deed: Deed) -> tuple[User, str, Article | None, str]:
        reason = deed.after.get("reason", "") if deed.verb == "review.override" else ""
        return deed.actor, deed.verb, deed.article, reason

    for (actor, verb, article, reason), deeds in groupby(latest, told):
        alike = list(deeds)
        yield DeedLine(str(actor), in_words(verb), len(alike), article, alike[0].at, reason)


def in_words(verb: str) -> str:
    """What somebody did, to be read after their name; a verb of another release is shown as it is."""
    return {
        "admin.add": _("added a record"),
        "admin.change": _("changed a record"),
        "admin.delete": _("deleted a record"),
        "assistant.train": _("trained the assistant"),
        "assistant.choose": _("chose another version of what the assistant learned"),
        "assistant.lay-aside": _("laid aside what the assistant learned"),
        "assistant.forget": _("cleared what the assistant had learned, because words were erased"),
        "emergency.use": _("used the emergency account"),
        "factor.add": _("set up a second factor"),
        "factor.codes": _("made other recovery codes"),
        "factor.remove": _("took down a second factor"),
        "factor.take-away": _("took somebody’s second factors away"),
        "lockout.lift": _("let somebody sign in again who had failed too often"),
        "person.add": _("added a person"),
        "person.leave": _("ended the access of somebody who leaves"),
        "person.join": _("came for the first time, by the identity provider"),
        "person.link": _("signs in by the identity provider from now on"),
        "person.roles": _("has other roles, by the groups at the identity provider"),
        "person.unroled": _("lost access: no group at the identity provider gives a role"),
        "person.return": _("gave somebody their access back"),
        "person.forget": _("took the name of somebody who left out of the account"),
        "reader.forget": _("deleted what was kept on a reader, who asked for it"),
        "person.change": _("changed a person or their rights"),
        "page.create": _("wrote a page of the newsroom"),
        "page.revise": _("changed a page of the newsroom"),
        "article.create": _("made the article"),
        "article.import": _("imported the article or tags of it"),
        "article.export": _("took out articles as a file"),
        "article.revise": _("changed the text"),
        "article.edit": _("changed the head"),
        "article.publish": _("published the article"),
        "article.withdraw": _("withdrew the article"),
        "claim.add": _("added a claim"),
        "claim.assign": _("assigned a claim"),
        "claim.release": _("released a claim"),
        "claim.weigh": _("said whether a claim accuses somebody"),
        "comment.add": _("commented"),
        "comment.edit": _("changed a comment"),
        "thread.resolve": _("resolved a thread"),
        "thread.reopen": _("reopened a thread"),
        "claim.tag": _("tagged a claim"),
        "mention.tag": _("tagged a name"),
        "attribution.tag": _("tagged who says it"),
        "annotation.confirm": _("accepted a passage"),
        "annotation.merge": _("joined two tags"),
        "annotation.move": _("moved a passage"),
        "annotation.retag": _("changed a tag"),
        "annotation.split": _("parted a tag"),
        "annotation.undo": _("undid a tag"),
        "annotation.withdraw": _("withdrew a passage"),
        "suggestion.accept": _("accepted a suggestion"),
        "suggestion.propose": _("had a text read for suggestions"),
        "suggestion.reject": _("rejected a suggestion"),
        "suggestion.replace": _("tagged what was suggested as something else"),
        "entity.add": _("added a name"),
        "entity.identify": _("said who a name is"),
        "entity.merge": _("merged two names"),
        "entity.protect": _("protected a name"),
        "entity.split": _("parted a name"),
        "entity.unmerge": _("parted two merged names"),
        "entity.unprotect": _("lifted the protection of a name"),
        "entity.remember": _("noted another form of a name"),
        "relation.add": _("related two claims"),
        "relation.change": _("changed a relation between claims"),
        "relation.remove": _("removed a relation between claims"),
        "relation.restore": _("put back a relation between claims"),
        "scale.begin": _("began the next version of the scale"),
        "scale.enforce": _("put a version of the scale in force"),
        "erasure.redact": _("erased words"),
        "erasure.replay": _("erased words again that a backup had"),
        "newsroom.export": _("took the newsroom out as an archive"),
        "newsroom.import": _("brought the newsroom in from an archive"),
        "source.add": _("added a source"),
        "token.issue": _("issued a token for a program"),
        "token.revoke": _("revoked a token of a program"),
        "document.add": _("added a document"),
        "document.change": _("changed a document"),
        "document.withdraw": _("withdrew a document"),
        "copy.ask": _("asked for a copy of a document"),
        "copy.keep": _("kept a copy of a document"),
        "copy.fail": _("could not copy a document"),
        "check.ask": _("asked to look at a document again"),
        "check.find": _("looked at a document again"),
        "evidence.add": _("added evidence"),
        "evidence.change": _("changed evidence"),
        "evidence.withdraw": _("withdrew evidence"),
        "flag.assign": _("assigned a flag by a reader"),
        "flag.answer": _("answered a reader"),
        "flag.accept": _("accepted a flag by a reader"),
        "flag.reject": _("rejected a flag by a reader"),
        "flag.merge": _("merged two flags by readers"),
        "flag.reopen": _("reopened a flag by a reader"),
        "flag.enter": _("entered a letter"),
        "flag.correct": _("corrected the copy of a letter"),
        "rectification.publish": _("published a rectification"),
        "rectification.withdraw": _("withdrew a rectification"),
        "request.close": _("closed a private link to reply"),
        "reply.accept": _("accepted a reply"),
        "reply.refuse": _("refused a reply"),
        "reply.keep": _("kept an expert’s opinion for the desk"),
        "reply.reopen": _("reopened a reply"),
        "import.receive": _("brought in a file with tags"),
        "import.read": _("had a file with tags read"),
        "import.fail": _("could not bring in a file with tags"),
        "import.again": _("had a file with tags read again"),
        "import.confirm": _("let a file with tags be stored"),
        "import.store": _("stored a part of a file with tags"),
        "import.clear": _("cleared a file with tags"),
        "original.receive": _("brought in a text"),
        "original.read": _("fetched a page"),
        "original.fail": _("could not fetch a page"),
        "original.clear": _("cleared an original that was never used"),
        "request.ask": _("asked for comment"),
        "request.answer": _("noted what was answered"),
        "review.propose": _("proposed a review"),
        "review.amend": _("changed a review"),
        "review.changes": _("asked for changes of a review"),
        "review.approve": _("approved a review"),
        "review.override": _("overrode a rule for a review"),
        "review.doubt": _("asked for a new look at a rating"),
        "review.lapse": _("edited a claim after its review was approved: it waits for approval again"),
        "review.publish": _("published a review"),
        "review.withdraw": _("withdrew a review"),
        "review.drift": _("found that a review rests on what has changed"),
        "review.hold": _("said that a review still holds"),
        "review.stale": _("changed words that were rated"),
        "review.valid": _("gave back words that were rated"),
    }.get(verb, verb)
