"""What a reader sees of flags: the form, the private page of one, and the outcomes that are public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.models import (
    Annotation,
    Article,
    Claim,
    Entity,
    Flag,
    FlagAnswer,
    FlagLetter,
    FlagTarget,
    ReaderMail,
    Rectification,
    Revision,
    Source,
    Target,
)

#: Blocks of an article that are offered to choose from, and characters of each that are shown.
MOST_BLOCKS, SHORT = 400, 160

Subject = Article | Claim | Source | Entity


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A paragraph of the text, and where it is chosen."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One of several places of the same words, with what stands round it."""

    value: str
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class FlagFormPage:
    title: str
    lang: str
    what: str
    url: str
    blocks: tuple[BlockLine, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowPage:
    """A flag as its own reader sees it: what became of it, and what was answered to them."""

    flag: Flag
    title: str
    title_lang: str
    url: str
    words: str
    is_gone: bool
    message: str
    #: What came of it: of a merged one, of that which it was merged into.
    standing: Flag
    answers: tuple[FlagAnswer, ...]
    waits_for_address: bool
    gets_mail: bool
    #: What was published of it; None if nothing was, or it is about what is public no more.
    rectification: Rectification | None


@dataclass(frozen=True, slots=True)
class PublicOutcome:
    """What came of an accepted flag, in the editor's words."""

    outcome: str
    lang: str
    at: datetime
    title: str
    title_lang: str
    url: str
    changes_url: str
    review_url: str


def title_of(subject: Subject) -> tuple[str, str]:
    """How a page calls it, and in which language."""
    match subject:
        case Article():
            return subject.headline, subject.lang
        case Claim():
            return subject.text, subject.lang
    return subject.name, ""


def flag_form_page(subject: Subject, *, url: str, in_full: bool = False) -> FlagFormPage:
    """`in_full`: the paragraphs of its text are there to choose from, with or without JavaScript."""
    title, lang = title_of(subject)
    blocks: tuple[BlockLine, ...] = ()
    if isinstance(subject, Article) and in_full:
        revision = subject.current_revision
        placed = [(block.start, block.end) for block in revision.document.blocks[:MOST_BLOCKS]]
        blocks = tuple(
            BlockLine(_shortened(revision.text[start:end]), f"{url}?start={start}&end={end}")
            for start, end in placed
            if revision.text[start:end].strip()
        )
    what = {
        "article": _("The article"),
        "claim": _("The claim"),
        "source": _("The source"),
        "entity": _("The page"),
    }[subject._meta.model_name]
    return FlagFormPage(title=title, lang=lang, what=what, url=subject.get_absolute_url(), blocks=blocks)


def place_lines(revision: Revision, places: list[tuple[int, int]]) -> tuple[PlaceLine, ...]:
    """Places of the same words, to be told apart."""
    text = revision.text
    return tuple(
        PlaceLine(f"{start}-{end}", text[max(0, start - 60) : start], text[start:end], text[end : end + 60])
        for start, end in places[:20]
    )


def place_of_note(article: Article, code: str) -> tuple[int, int] | None:
    """Where the words of a note stand in the current text; `code` is what its page knows the note by."""
    claim, _dash, number = code.partition("-")
    standing = Target.objects.placed().filter(
        annotation__article=article,
        annotation__state=Annotation.State.ACCEPTED,
        annotation__appearance__claim__in=Claim.objects.with_code(claim),
        revision=article.current_revision_id,
        role=Target.Role.CONTENT,
    )
    places = list(standing.order_by("start").values_list("start", "end"))
    if not places:
        return None
    return places[-1] if number else places[0]


def place_of_words(revision: Revision, start: str, end: str) -> tuple[int, int] | None:
    """A place that an address names, if it is one."""
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        return None
    first, last = int(start[:9]), int(end[:9])
    return (first, last) if first < last <= len(revision.text) else None


def is_public(subject: Subject, *, at: datetime) -> bool:
    """Whether readers may meet it now: what a private page or a mail says of it is told outside."""
    return bool(public_among([subject], at=at))


def public_among(subjects: Iterable[Subject], *, at: datetime) -> set[tuple[type[Subject], int]]:
    """Those of them that readers may meet now, by kind and key: a query for each kind."""
    shown: dict[type[Subject], QuerySet[Any]] = {
        Article: Article.objects.published(at=at),
        Claim: Claim.objects.public(at=at),
        Source: Source.objects.public(),
        Entity: Entity.objects.public(),
    }
    keys: dict[type[Subject], set[int]] = defaultdict(set)
    for subject in subjects:
        keys[type(subject)].add(subject.pk)
    return {
        (kind, key)
        for kind, wanted in keys.items()
        for key in shown[kind].filter(pk__in=wanted).order_by().values_list("pk", flat=True)
    }


def follow_page(flag: Flag, *, at: datetime) -> FollowPage:
    """Of what is public no more it tells what was written and answered, and neither name nor words."""
    shown = is_public(flag.subject, at=at)
    title, lang = title_of(flag.subject) if shown else ("", "")
    letter = FlagLetter.objects.filter(flag=flag).first()
    target = current_target(flag) if shown else None
    standing = flag.standing()
    return FollowPage(
        flag=flag,
        title=title,
        title_lang=lang,
        url=flag.subject.get_absolute_url() if shown else "",
        words=target.exact if target else "",
        is_gone=bool(target and target.start is None),
        message=letter.message if letter else "",
        standing=standing,
        answers=answers_to(flag),
        waits_for_address=bool(
            letter
            and letter.address
            and not letter.confirmed_at
            and flag.mails.filter(reason=ReaderMail.Reason.CONFIRM).exists()
        ),
        gets_mail=bool(letter and letter.may_be_written_to),
        rectification=flag.rectifications.first() if shown else None,
    )


def public_outcomes(flags: QuerySet[Flag], *, most: int | None = None) -> tuple[PublicOutcome, ...]:
    """What came of those of these flags that were accepted, the newest first: one query."""
    related = ("article", "claim", "source", "entity", "correction__article", "review")
    numbers = ("correction__before", "correction__after")
    rows = flags.with_outcome().select_related(*related, *numbers).order_by("-decided_at", "-pk")
    return tuple(_public_outcome(flag) for flag in rows[:most])


def _public_outcome(flag: Flag) -> PublicOutcome:
    title, lang = title_of(flag.subject)
    anchor = f"#flag-{flag.code}" if flag.article else ""
    correction = flag.correction
    between = (
        [correction.article.slug, correction.before.number, correction.after.number] if correction else None
    )
    return PublicOutcome(
        outcome=flag.outcome,
        lang=flag.lang,
        at=flag.decided_at,
        title=title,
        title_lang=lang,
        url=f"{flag.subject.get_absolute_url()}{anchor}",
        changes_url=reverse("reader:changes", args=between) if between else "",
        review_url=flag.review.get_absolute_url() if flag.review else "",
    )


def outcomes_about(subject: Subject) -> tuple[PublicOutcome, ...]:
    """What came of the flags on a thing, for its own page."""
    return public_outcomes(Flag.objects.filter(**{subject._meta.model_name: subject}))


def answers_to(flag: Flag) -> tuple[FlagAnswer, ...]:
    """What its reader was answered: to it, and since it was merged to what it was merged into."""
    answers, standing = list(flag.answers.all()), flag.standing()
    if standing.pk != flag.pk and flag.decided_at:
        answers += standing.answers.filter(at__gte=flag.decided_at)
    return tuple(sorted(answers, key=lambda answer: answer.at))


def current_target(flag: Flag) -> FlagTarget | None:
    """Where its words stand in the text that is current, or that they are gone; None if it has none."""
    return flag.targets.order_by("-revision__number").first()


def flag_url(subject: Subject) -> str:
    """Where a thing is flagged as a whole."""
    return f"{subject.get_absolute_url()}flag/"


def _shortened(words: str) -> str:
    return words if len(words) <= SHORT else f"{words[:SHORT].rstrip()}…"
