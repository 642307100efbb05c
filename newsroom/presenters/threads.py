"""Threads of comments: those on one annotation or claim, and lists of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy, pgettext_lazy

from newsroom.models import Annotation, Article, Claim, Comment, Target, Thread, User
from newsroom.models.comment import ThreadQuerySet
from newsroom.text.mentioned import mentioned
from newsroom.text.paragraphs import paragraphs

from .desk import Filter

THREADS_ON_A_PAGE, FIRST_WORDS = 20, 240
STATES = {
    "open": gettext_lazy("Open"),
    "resolved": gettext_lazy("Resolved"),
    "all": pgettext_lazy("threads", "All"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is commented on: an annotation, of which `words` are its words, or a claim."""

    id: str
    url: str
    kind_label: str
    words: str
    lang: str
    article: Article | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a paragraph; with `url` it is the name of somebody who is called."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class CommentView:
    id: str
    code: str
    who: str
    at: datetime
    edited_at: datetime | None
    is_mine: bool
    body: str
    paragraphs: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class ThreadView:
    id: str
    code: str
    comments: tuple[CommentView, ...]
    resolved_by: str
    resolved_at: datetime | None
    #: An answer that stands in its form and was not sent.
    unsent: str = ""

    @property
    def first_words(self) -> str:
        return Truncator(self.comments[0].body).chars(80)


@dataclass(frozen=True, slots=True)
class Draft:
    """Words that are in a form: in that of the thread or comment with the id `place`, "" for a new thread."""

    place: str
    body: str
    errors: tuple[str, ...] = ()
    #: The thread was resolved while somebody wrote: the words can reopen it.
    may_reopen: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class SubjectThreads:
    """All threads on one thing. `here` is the page that they are shown on, `focus` the id of what is new."""

    subject: Subject
    open: tuple[ThreadView, ...]
    resolved: tuple[ThreadView, ...]
    people: tuple[Person, ...]
    here: str
    draft: Draft | None
    focus: str
    #: The same of the form for a new thread.
    unsent: str = ""


@dataclass(frozen=True, slots=True)
class ThreadLine:
    subject: Subject
    url: str
    first: CommentView
    words: str
    number: int
    last: CommentView
    resolved_by: str
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ThreadsPage:
    """A list of threads: those of `article`, or those that mention `whom`."""

    article: Article | None
    whom: User | None
    is_me: bool
    filters: tuple[Filter, ...]
    page: Page
    threads: tuple[ThreadLine, ...]


def subject_threads(
    subject: Annotation | Claim,
    user: User,
    *,
    here: str,
    draft: Draft | None = None,
    focus: str = "",
    unsent: Mapping[str, str] | None = None,
) -> SubjectThreads:
    """`unsent` has the words that stand in other forms than that of the draft, by their place."""
    unsent = unsent or {}
    threads = Thread.objects.on(subject).select_related("resolved_by").order_by("pk")
    views = [
        replace(thread_view(thread, user, said), unsent=unsent.get(thread_id(thread), ""))
        for thread, said in _with_comments(threads)
    ]
    return SubjectThreads(
        subject=subjects([subject])[subject],
        open=tuple(view for view in views if view.resolved_at is None),
        resolved=tuple(view for view in views if view.resolved_at is not None),
        people=tuple(_people(but=user)),
        here=here,
        draft=draft,
        focus=focus,
        unsent=unsent.get("", ""),
    )


def article_threads(article: Article, user: User, query: Mapping[str, str]) -> ThreadsPage:
    """`query` may have `state` and `page`; nonsense is as if it was not there."""
    return _list(Thread.objects.in_article(article), user, query, article=article)


def mentioning_threads(whom: User, user: User, query: Mapping[str, str]) -> ThreadsPage:
    return _list(Thread.objects.mentioning(whom), user, query, whom=whom)


def _list(
    threads: ThreadQuerySet,
    user: User,
    query: Mapping[str, str],
    *,
    article: Article | None = None,
    whom: User | None = None,
) -> ThreadsPage:
    state = query.get("state", "") if query.get("state") in STATES else "open"
    kept = {"who": whom.username} if whom and whom != user else {}
    found = {"open": threads.open(), "resolved": threads.resolved(), "all": threads}[state]
    found = found.latest_first().select_related("annotation__article", "claim", "resolved_by")
    page = Paginator(found, THREADS_ON_A_PAGE).get_page(query.get("page", "1"))
    on = subjects(thread.subject for thread in page.object_list)
    return ThreadsPage(
        article=article,
        whom=whom,
        is_me=whom == user,
        filters=tuple(
            Filter(str(label), "?" + urlencode(kept | {"state": name}), name == state)
            for name, label in STATES.items()
        ),
        page=page,
        threads=tuple(
            _line(thread_view(thread, user, said), on[thread.subject])
            for thread, said in _with_comments(page.object_list)
        ),
    )


def subjects(rows: Iterable[Annotation | Claim]) -> dict[Annotation | Claim, Subject]:
    """What these annotations and claims are, in words: one query."""
    rows = list(rows)
    annotations = [row for row in rows if isinstance(row, Annotation)]
    targets = Target.objects.current().filter(annotation__in=annotations).order_by("-role", "-ordinal")
    # The first one by role and ordinal is written last, and stays.
    words = {target.annotation_id: target.exact for target in targets} if annotations else {}
    return {row: _subject(row, words.get(row.pk, "")) for row in rows}


def _subject(row: Annotation | Claim, words: str) -> Subject:
    if isinstance(row, Annotation):
        return Subject(
            id=f"threads-annotation-{row.code}",
            url=threads_url(row),
            kind_label=row.get_kind_display(),
            words=words,
            lang=row.article.lang,
            article=row.article,
        )
    return Subject(
        id=f"threads-claim-{row.code}",
        url=threads_url(row),
        kind_label=row._meta.verbose_name,
        words=row.text,
        lang=row.lang,
        article=None,
    )


def threads_url(subject: Annotation | Claim) -> str:
    """Where the desk reads all threads on one thing, in the active language."""
    return reverse(f"desk:threads-{subject._meta.model_name}", args=[subject.code])


def comment_id(comment: Comment) -> str:
    return f"comment-{comment.code}"


def thread_id(thread: Thread) -> str:
    return f"thread-{thread.code}"


def comment_url(comment: Comment) -> str:
    """Where the desk reads a comment, in the active language."""
    return f"{threads_url(comment.thread.subject)}#{comment_id(comment)}"


def _with_comments(threads: Iterable[Thread]) -> Iterator[tuple[Thread, list[Comment]]]:
    """Each thread with its comments in order: two queries besides that of the threads."""
    threads = list(threads)
    said: dict[int, list[Comment]] = defaultdict(list)
    comments = Comment.objects.filter(thread__in=threads).select_related("by").prefetch_related("mentions")
    for comment in comments:
        said[comment.thread_id].append(comment)
    return ((thread, said[thread.pk]) for thread in threads)


def thread_view(thread: Thread, user: User, comments: Iterable[Comment]) -> ThreadView:
    return ThreadView(
        id=thread_id(thread),
        code=thread.code,
        comments=tuple(_comment_view(comment, user) for comment in comments),
        resolved_by=thread.resolved_by.desk_name if thread.resolved_by else "",
        resolved_at=thread.resolved_at,
    )


def _comment_view(comment: Comment, user: User) -> CommentView:
    called = [person.username for person in comment.mentions.all()]
    return CommentView(
        id=comment_id(comment),
        code=comment.code,
        who=comment.by.desk_name,
        at=comment.at,
        edited_at=comment.edited_at,
        is_mine=comment.by_id == user.pk,
        body=comment.body,
        paragraphs=tuple(
            tuple(_pieces(comment.body[start:end], called)) for start, end in paragraphs(comment.body)
        ),
    )


def _pieces(paragraph: str, called: list[str]) -> Iterator[Piece]:
    at = 0
    for found in mentioned(paragraph, called):
        if at < found.start:
            yield Piece(paragraph[at : found.start])
        who = urlencode({"who": found.name})
        yield Piece(paragraph[found.start : found.end], f"{reverse('desk:threads')}?{who}")
        at = found.end
    if at < len(paragraph):
        yield Piece(paragraph[at:])


def _line(thread: ThreadView, subject: Subject) -> ThreadLine:
    return ThreadLine(
        subject=subject,
        url=f"{subject.url}#{thread.id}",
        first=thread.comments[0],
        words=Truncator(thread.comments[0].body).chars(FIRST_WORDS),
        number=len(thread.comments),
        last=thread.comments[-1],
        resolved_by=thread.resolved_by,
        resolved_at=thread.resolved_at,
    )


def _people(*, but: User) -> Iterator[Person]:
    """Who can be called by name."""
    for user in User.objects.at_work().order_by("last_name", "first_name", "username"):
        if user != but:
            yield Person(user.username, user.desk_name)
