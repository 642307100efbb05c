"""The board of states: which claims wait for a check, a decision or a new look, and whose they are.

Seven lists, each of which is a filter like any other. On the board stand the first of each; a list alone goes
page by page. No page counts what is far: of what is more than `MOST_COUNTED` it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from newsroom.models import Appearance, Article, Assignment, Claim, Review, SavedView, User

from .claim_url import claim_url
from .desk import Filter, ViewLine
from .ratings import Badge, Ratings

LINES_ON_THE_BOARD, LINES_ON_A_PAGE, MOST_COUNTED, MOST_PAGES = 6, 30, 99, 200
#: For how many days a published review is on the board.
LATELY = 30
LISTS: dict[str, Promise] = {
    "unchecked": gettext_lazy("Not yet checked"),
    "assigned": gettext_lazy("Being checked"),
    "proposed": pgettext_lazy("reviews", "Proposed"),
    "changes": gettext_lazy("Changes requested"),
    "approved": pgettext_lazy("reviews", "Approved"),
    "stale": gettext_lazy("To be checked again"),
    "published": gettext_lazy("Published lately"),
}
DUE = {
    "late": pgettext_lazy("due", "Late"),
    "week": gettext_lazy("Within seven days"),
    "none": gettext_lazy("Without a date"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What of an address filters the board; what means nothing there is empty."""

    list: str = ""
    who: str = ""
    due: str = ""
    article: str = ""
    kind: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        return cls(
            list=_one_of(query.get("list", ""), LISTS),
            who=query.get("who", "").strip()[:150],
            due=_one_of(query.get("due", ""), DUE),
            article=query.get("article", "").strip()[:200],
            kind=_one_of(query.get("kind", ""), Claim.Kind.values),
        )

    @property
    def query(self) -> str:
        """Always written alike."""
        named = (
            ("list", self.list),
            ("who", self.who),
            ("due", self.due),
            ("article", self.article),
            ("kind", self.kind),
        )
        return urlencode({name: value for name, value in named if value})

    @property
    def url(self) -> str:
        return reverse("desk:reviews") + (f"?{self.query}" if self.query else "")

    @property
    def narrows(self) -> bool:
        return bool(replace(self, list="").query)


@dataclass(frozen=True, slots=True)
class Line:
    """A claim on the board. `when` is the day that its place in the list is about."""

    words: str
    lang: str
    url: str
    badge: Badge
    kind_label: str
    article: str
    article_lang: str
    who: str
    due: date | None
    is_late: bool
    when: datetime | None


@dataclass(frozen=True, slots=True)
class List:
    name: str
    label: str
    url: str
    number: str
    lines: tuple[Line, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class BoardPage:
    filters: Filters
    tabs: tuple[Filter, ...]
    lists: tuple[List, ...]
    alone: List | None
    number: int
    previous_url: str
    next_url: str
    people: tuple[Option, ...]
    dues: tuple[Option, ...]
    kinds: tuple[Option, ...]
    article: Article | None
    mine_url: str
    views: tuple[ViewLine, ...]
    query: str

    @property
    def may_be_kept(self) -> bool:
        """Whether there is a filter that is no view yet."""
        return bool(self.query) and not any(view.chosen for view in self.views)

    @property
    def views_of(self) -> str:
        return str(SavedView.Of.REVIEWS.value)


def filter_query(query: Mapping[str, str]) -> str:
    return Filters.of(query).query


def board_page(user: User, query: Mapping[str, str], *, at: datetime) -> BoardPage:
    filters = Filters.of(query)
    known, board = Ratings.load(), _Board(filters, at)
    number = _page_number(query.get("page", ""))
    names = [filters.list] if filters.list else list(LISTS)
    size = LINES_ON_A_PAGE if filters.list else LINES_ON_THE_BOARD
    start = (number - 1) * LINES_ON_A_PAGE if filters.list else 0
    found = {name: list(board.rows(name)[start : start + size + 1]) for name in names}
    lines = _lines({name: rows[:size] for name, rows in found.items()}, known, at=at)
    lists = tuple(
        List(
            name=name,
            label=str(LISTS[name]),
            url=replace(filters, list=name).url,
            number="" if filters.list else _number(board.rows(name), len(found[name]), size),
            lines=lines[name],
            more=len(found[name]) > size,
        )
        for name in names
    )
    more = bool(filters.list) and lists[0].more and number < MOST_PAGES
    return BoardPage(
        filters=filters,
        tabs=tuple(_tabs(filters)),
        lists=lists,
        alone=lists[0] if filters.list else None,
        number=number,
        previous_url=_page_url(filters, number - 1) if filters.list and number > 1 else "",
        next_url=_page_url(filters, number + 1) if more else "",
        people=tuple(_people(filters.who)),
        dues=tuple(Option(value, str(label), value == filters.due) for value, label in DUE.items()),
        kinds=tuple(Option(value, str(label), value == filters.kind) for value, label in Claim.Kind.choices),
        article=board.article,
        mine_url=replace(filters, who=user.username).url if filters.who != user.username else "",
        views=tuple(_views(user, filters)),
        query=filters.query,
    )


class _Board:
    """The lists under one filter."""

    def __init__(self, filters: Filters, at: datetime) -> None:
        self.filters, self.today = filters, localdate(at)
        self.lately = at - timedelta(days=LATELY)
        self.article = Article.objects.filter(slug=filters.article).first() if filters.article else None
        self.articles: QuerySet[Article] | None = None
        if self.article is not None:
            self.articles = Article.objects.filter(pk=self.article.pk)
        elif filters.article:
            self.articles = Article.objects.headed(filters.article)

    def rows(self, name: str) -> QuerySet:
        """Claims, assignments or reviews, in the order of the list."""
        states = Review.State
        match name:
            case "unchecked":
                return self._unchecked()
            case "assigned":
                return self._assigned()
            case "published":
                reviews = Review.objects.filter(state=states.PUBLISHED, published_at__gte=self.lately)
                return self._reviews(reviews).order_by("-published_at", "-pk")
            case "stale":
                return self._reviews(Review.objects.filter(state=states.STALE)).order_by("stale_at", "pk")
            case _:
                state = {"proposed": states.PROPOSED, "changes": states.CHANGES, "approved": states.APPROVED}[
                    name
                ]
                waiting = Review.objects.waiting().filter(state=state)
                return self._reviews(waiting).order_by("proposed_at", "pk")

    def _unchecked(self) -> QuerySet[Claim]:
        """Nobody rated it, proposed to, or is to: so it is nobody's and due at no time."""
        if self.filters.who or self.filters.due in ("late", "week"):
            return Claim.objects.none()
        reviews = Review.objects.current() | Review.objects.waiting()
        claims = Claim.objects.filter(withdrawn_at=None).exclude(
            Exists(reviews.filter(claim=OuterRef("pk"))),
        )
        claims = claims.exclude(Exists(Assignment.objects.open().filter(claim=OuterRef("pk"))))
        return claims.filter(self._of_claim("")).order_by("-pk")

    def _assigned(self) -> QuerySet[Assignment]:
        """Somebody is to check it, and has not proposed yet."""
        waiting = Review.objects.waiting().filter(claim=OuterRef("claim"))
        assigned = Assignment.objects.open().filter(self._of_claim("claim__"), claim__withdrawn_at=None)
        assigned = assigned.exclude(Exists(waiting)).filter(self._due(""))
        if self.filters.who:
            assigned = assigned.filter(assignee__username=self.filters.who)
        return assigned.select_related("claim", "assignee").order_by(F("due").asc(nulls_last=True), "pk")

    def _reviews(self, reviews: QuerySet[Review]) -> QuerySet[Review]:
        tasks = Assignment.objects.open().filter(claim=OuterRef("claim"))
        reviews = reviews.filter(self._of_claim("claim__"))
        if self.filters.who:
            theirs = Exists(tasks.filter(assignee__username=self.filters.who))
            reviews = reviews.filter(Q(author__username=self.filters.who) | theirs)
        if self.filters.due == "none":
            reviews = reviews.exclude(Exists(tasks.filter(due__isnull=False)))
        elif self.filters.due:
            reviews = reviews.filter(Exists(tasks.filter(self._due(""))))
        return reviews.select_related("claim", "author")

    def _of_claim(self, path: str) -> Q:
        """What the filter asks of a claim, `path` leading to it."""
        wanted = Q(**{f"{path}kind": self.filters.kind}) if self.filters.kind else Q()
        if self.articles is not None:
            standing = Appearance.objects.live().filter(
                annotation__article__in=self.articles.order_by().values("pk")
            )
            wanted &= Q(**{f"{path}pk__in": standing.values("claim")})
        return wanted

    def _due(self, path: str) -> Q:
        match self.filters.due:
            case "late":
                return Q(**{f"{path}due__lt": self.today})
            case "week":
                return Q(**{f"{path}due__range": (self.today, self.today + timedelta(days=7))})
            case "none":
                return Q(**{f"{path}due": None})
        return Q()


def _lines(found: Mapping[str, Sequence], known: Ratings, *, at: datetime) -> dict[str, tuple[Line, ...]]:
    """The rows of all lists as lines: a query each for ratings, assignments and articles."""
    rows = [row for some in found.values() for row in some]
    claims = {row.pk if isinstance(row, Claim) else row.claim_id for row in rows}
    current = known.current_of(claims)
    open_now = Assignment.objects.open().filter(claim__in=claims).select_related("assignee")
    tasks = {task.claim_id: task for task in open_now}
    articles = _articles(claims)
    today = localdate(at)

    def line(row: Claim | Assignment | Review) -> Line:
        claim = row if isinstance(row, Claim) else row.claim
        task, article = tasks.get(claim.pk), articles.get(claim.pk)
        review = row if isinstance(row, Review) else current.get(claim.pk)
        due = task.due if task else None
        return Line(
            words=claim.text,
            lang=claim.lang,
            url=claim_url(claim),
            badge=known.badge(review),
            kind_label=claim.get_kind_display(),
            article=article.headline if article else "",
            article_lang=article.lang if article else "",
            who=_who(row, task),
            due=due,
            is_late=due is not None and due < today,
            when=_when(row),
        )

    return {name: tuple(line(row) for row in some) for name, some in found.items()}


def _who(row: Claim | Assignment | Review, task: Assignment | None) -> str:
    if isinstance(row, Review):
        return row.author.desk_name
    return task.assignee.desk_name if task else ""


def _when(row: Claim | Assignment | Review) -> datetime | None:
    if isinstance(row, Review):
        return row.stale_at or row.published_at or row.proposed_at
    return row.at if isinstance(row, Assignment) else None


def _articles(claims: Iterable[int]) -> dict[int, Article]:
    """Of each claim one article that it stands in, the newest."""
    standing = Appearance.objects.live().filter(claim__in=claims).select_related("annotation__article")
    return {row.claim_id: row.annotation.article for row in standing.order_by("annotation__article")}


def _number(rows: QuerySet, seen: int, size: int) -> str:
    """How many there are; counted only if not all were seen, and not without end.

    In their order, which an index has: out of it, all that were ever published would be gone through.
    """
    if seen <= size:
        return str(seen)
    counted = rows[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if counted > MOST_COUNTED else str(counted)


def _tabs(filters: Filters) -> Iterable[Filter]:
    for name, label in {"": _("Board"), **LISTS}.items():
        yield Filter(str(label), replace(filters, list=name).url, filters.list == name)


def _people(chosen: str) -> Iterable[Option]:
    for user in User.objects.at_work().order_by("last_name", "first_name", "username"):
        yield Option(user.username, user.desk_name, user.username == chosen)


def _views(user: User, filters: Filters) -> Iterable[ViewLine]:
    for view in user.saved_views.filter(of=SavedView.Of.REVIEWS):
        url = f"{reverse('desk:reviews')}?{view.query}"
        yield ViewLine(view.name, url, view.code, view.query == filters.query)


def _page_number(typed: str) -> int:
    number = int(typed) if typed.isdecimal() and len(typed) < 6 else 1
    return min(max(number, 1), MOST_PAGES)


def _page_url(filters: Filters, number: int) -> str:
    return f"{filters.url}&page={number}"


def _one_of(value: str, known: Iterable[str]) -> str:
    return value if value in known else ""
