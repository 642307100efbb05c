"""The desk's queue of flags, by what is due first, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from newsroom.models import AnswerTemplate, Flag, FlagAnswer, FlagLetter, FlagTarget, Rectification, User
from newsroom.text.paragraphs import typed_lines

from .checking import Waiting
from .flagging import Subject, current_target, title_of

ON_A_PAGE = 30
#: So much of a rectification the law wants published (47/1948, art. 8). Lines are of sixty characters by
#: custom.
LINES, LINE = 30, 60
STATES = {
    "open": pgettext_lazy("flags", "Open"),
    "late": pgettext_lazy("due", "Late"),
    "accepted": pgettext_lazy("flags", "Accepted"),
    "rejected": pgettext_lazy("flags", "Rejected"),
    "merged": pgettext_lazy("flags", "Merged"),
    "all": gettext_lazy("All"),
}
#: Whose: nobody's yet.
NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Filters:
    """What of an address filters the queue; what means nothing there is empty."""

    state: str = "open"
    kind: str = ""
    who: str = ""
    article: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        state, kind = query.get("state", ""), query.get("kind", "")
        return cls(
            state=state if state in STATES else "open",
            kind=kind if kind in Flag.Kind.values else "",
            who=query.get("who", "").strip()[:150],
            article=query.get("article", "").strip()[:200],
        )

    @property
    def url(self) -> str:
        named = (("state", self.state), ("kind", self.kind), ("who", self.who), ("article", self.article))
        query = urlencode(
            {name: value for name, value in named if value and (name, value) != ("state", "open")}
        )
        return reverse("desk:flags") + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FlagLine:
    flag: Flag
    url: str
    title: str
    title_lang: str
    words: str
    is_gone: bool
    message: str
    who: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class FlagsPage:
    filters: Filters
    tabs: tuple[Tab, ...]
    kinds: tuple[Option, ...]
    people: tuple[Option, ...]
    page: Page
    lines: tuple[FlagLine, ...]


@dataclass(frozen=True, slots=True)
class FlagPage:
    """One flag as the desk sees it: all but the address of who sent it, which nobody is shown."""

    flag: Flag
    subject: Subject
    title: str
    title_lang: str
    desk_url: str
    words: str
    is_gone: bool
    fate: str
    message: str
    name: str
    #: Of a letter that somebody copied.
    how: str
    #: Of the address: none was left, it was not confirmed yet, or mail goes there.
    mail: str
    is_late: bool
    answers: tuple[FlagAnswer, ...]
    merged: tuple[FlagLine, ...]
    templates: tuple[AnswerTemplate, ...]
    outcomes: tuple[AnswerTemplate, ...]
    may: frozenset[str]
    is_rectification: bool
    #: How many lines its text fills, and how many the law wants published.
    lines: int
    most_lines: int
    #: What was published of it, the newest first.
    rectifications: tuple[Rectification, ...]


def flags_page(query: Mapping[str, str], *, at: datetime) -> FlagsPage:
    filters = Filters.of(query)
    page = Paginator(_rows(filters, at=at), ON_A_PAGE).get_page(query.get("page", "1"))
    people = User.objects.at_work().order_by("last_name", "first_name", "username")
    return FlagsPage(
        filters=filters,
        tabs=tuple(
            Tab(str(label), replace(filters, state=name).url, name == filters.state)
            for name, label in STATES.items()
        ),
        kinds=tuple(Option(value, str(label), value == filters.kind) for value, label in Flag.Kind.choices),
        people=(
            Option(NOBODY, str(pgettext_lazy("flags", "Nobody yet")), filters.who == NOBODY),
            *(Option(user.username, user.desk_name, user.username == filters.who) for user in people),
        ),
        page=page,
        lines=lines_of(list(page.object_list), at=at),
    )


def _rows(filters: Filters, *, at: datetime) -> QuerySet[Flag]:
    flags = Flag.objects.select_related("article", "claim", "source", "entity", "assignee", "letter")
    match filters.state:
        case "open":
            flags = flags.open().in_order()
        case "late":
            flags = flags.overdue(at=at).in_order()
        case "all":
            flags = flags.order_by("-at", "-pk")
        case state:
            flags = flags.filter(state=state).order_by("-decided_at", "-pk")
    if filters.kind:
        flags = flags.filter(kind=filters.kind)
    if filters.article:
        flags = flags.filter(article__slug=filters.article)
    if filters.who == NOBODY:
        flags = flags.filter(assignee=None)
    elif filters.who:
        flags = flags.filter(assignee__username=filters.who)
    return flags


def lines_of(flags: list[Flag], *, at: datetime) -> tuple[FlagLine, ...]:
    """Two queries whatever their number: the flags with what they are about, and where their words stand."""
    latest = FlagTarget.objects.filter(flag=OuterRef("flag")).order_by("-revision__number").values("pk")[:1]
    standing = FlagTarget.objects.filter(flag__in=flags, pk=Subquery(latest))
    targets = {target.flag_id: target for target in standing}
    return tuple(_line(flag, targets.get(flag.pk), at=at) for flag in flags)


def _line(flag: Flag, target: FlagTarget | None, *, at: datetime) -> FlagLine:
    title, lang = title_of(flag.subject)
    letter = _letter(flag)
    return FlagLine(
        flag=flag,
        url=reverse("desk:flag", args=[flag.code]),
        title=title,
        title_lang=lang,
        words=target.exact if target else "",
        is_gone=bool(target and target.start is None),
        message=letter.message if letter else "",
        who=flag.assignee.desk_name if flag.assignee else "",
        is_late=flag.is_overdue(at=at),
    )


def _letter(flag: Flag) -> FlagLetter | None:
    """None once it was cleared."""
    return getattr(flag, "letter", None)


def flag_page(flag: Flag, user: User, *, at: datetime) -> FlagPage:
    title, lang = title_of(flag.subject)
    target, letter = current_target(flag), _letter(flag)
    templates = list(AnswerTemplate.objects.all())
    merged = flag.merged.select_related("article", "claim", "source", "entity", "assignee", "letter")
    return FlagPage(
        flag=flag,
        subject=flag.subject,
        title=title,
        title_lang=lang,
        desk_url=_desk_url(flag),
        words=target.exact if target else "",
        is_gone=bool(target and target.start is None),
        fate=target.get_fate_display() if target else "",
        message=letter.message if letter else "",
        name=letter.name if letter else "",
        how=letter.how if letter else "",
        mail=_mail(letter),
        is_late=flag.is_overdue(at=at),
        answers=tuple(flag.answers.select_related("by")),
        merged=lines_of(list(merged.order_by("at")), at=at),
        templates=tuple(row for row in templates if row.use == AnswerTemplate.Use.ANSWER),
        outcomes=tuple(row for row in templates if row.use == AnswerTemplate.Use.OUTCOME),
        may=frozenset(_may(flag, user)),
        is_rectification=flag.kind == Flag.Kind.RECTIFICATION,
        lines=typed_lines(letter.message, LINE) if letter else 0,
        most_lines=LINES,
        rectifications=tuple(flag.rectifications.select_related("by")),
    )


def _mail(letter: FlagLetter | None) -> str:
    if letter is None or not letter.address:
        return "none"
    return "confirmed" if letter.confirmed_at else "asked"


def _may(flag: Flag, user: User):
    """What this person may do to it as it is."""
    decides = user.has_perm("newsroom.decide_flag")
    is_rectification = flag.kind == Flag.Kind.RECTIFICATION
    answers_for_it = user.has_perm("newsroom.refuse_rectification")
    if not flag.is_open:
        stands = is_rectification and flag.rectifications.standing().exists()
        if stands and answers_for_it:
            yield "withdraw"
        if decides and not stands:
            yield "reopen"
        return
    if user.has_perm("newsroom.change_flag"):
        yield from ("assign", "answer")
        if flag.entered_by_id is not None and _letter(flag) is not None:
            yield "correct"
        if flag.kind not in Flag.SIGNED:
            yield "merge"
    if not decides:
        return
    is_asked_for = is_rectification and _letter(flag) is not None
    if is_asked_for and flag.entered_by_id != user.pk:
        yield "publish"
    if not is_rectification:
        yield "accept"
    if answers_for_it or not is_asked_for:
        yield "reject"


def _desk_url(flag: Flag) -> str:
    if flag.article:
        return reverse("desk:article", args=[flag.article.slug])
    if flag.claim:
        return reverse("desk:claim", args=[flag.claim.code])
    if flag.entity:
        return reverse("desk:entity", args=[flag.entity.code])
    return flag.source.get_absolute_url()


def others_to_merge_into(flag: Flag) -> QuerySet[Flag]:
    """Open flags on the same thing, which somebody may have said first."""
    alike = (
        Flag.objects.open()
        .exclude(pk=flag.pk)
        .exclude(kind__in=Flag.SIGNED)
        .filter(article=flag.article_id, claim=flag.claim_id, source=flag.source_id, entity=flag.entity_id)
    )
    return alike.select_related("letter").order_by("at", "pk")


def waiting_flags(user: User, *, at: datetime):
    """What the desk's front page says of them: those that are late first, then those that are open."""
    if not user.has_perm("newsroom.view_flag"):
        return
    late = Flag.objects.overdue(at=at).count()
    if late:
        words = ngettext("%(number)d flag is overdue.", "%(number)d flags are overdue.", late)
        yield Waiting(words % {"number": late}, Filters(state="late").url)
    waiting = Flag.objects.open().filter(due__gte=at).count()
    if waiting:
        words = ngettext("%(number)d flag by a reader.", "%(number)d flags by readers.", waiting)
        yield Waiting(words % {"number": waiting}, Filters().url)
