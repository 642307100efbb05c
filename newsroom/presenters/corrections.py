"""All public corrections, the newest first: what was wrong, in which text, and the claims that it touched."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from newsroom.models import Claim, Correction, Flag, Rectification
from newsroom.models.correction import CorrectionQuerySet

from .flagging import PublicOutcome, public_outcomes, title_of
from .paging import Pages, Turn, turn
from .ratings import Badge, Ratings

ORDER = ("-at", "-pk")
#: Claims that are named with a correction; the page of what changed has them all.
CLAIMS_IN_SHORT = 5
#: Outcomes of flags, and rectifications, on the first page: each stands with its thing as well.
OUTCOMES, RECTIFICATIONS = 30, 30


@dataclass(frozen=True, slots=True)
class TouchedLine:
    words: str
    lang: str
    url: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class PublicCorrection:
    correction: Correction
    article_url: str
    before_url: str
    after_url: str
    changes_url: str
    claims: tuple[TouchedLine, ...]
    more_claims: int


@dataclass(frozen=True, slots=True)
class PublicRectification:
    """What somebody who is named answers, and before which text."""

    rectification: Rectification
    title: str
    title_lang: str
    url: str


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    lines: tuple[PublicCorrection, ...]
    pages: Pages
    rectifications: tuple[PublicRectification, ...] = ()
    outcomes: tuple[PublicOutcome, ...] = ()
    #: How many flags were decided in all, and how many of them changed nothing.
    decided: int = 0
    rejected: int = 0


def corrections_page(given: Mapping[str, str], *, at: datetime, url: str = "") -> CorrectionsPage:
    """`url` is where the other pages are, if not on the list of corrections.

    Rectifications stand on the first page of either; what came of flags on that of the list alone.
    """
    rows = public_corrections(at=at)
    turned: Turn[Correction] = turn(rows, ORDER, after=given.get("after", ""), before=given.get("before", ""))
    starts = not (given.get("after") or given.get("before"))
    is_first = starts and not url
    decided = Flag.objects.decided().order_by().values_list("state").annotate(Count("pk"))
    states = Counter(dict(decided)) if is_first else Counter()
    return CorrectionsPage(
        rectifications=tuple(_rectifications(at=at)) if starts else (),
        outcomes=public_outcomes(Flag.objects.about_public(at=at), most=OUTCOMES) if is_first else (),
        decided=states.total(),
        rejected=states[Flag.State.REJECTED],
        lines=correction_lines(turned.rows, at=at),
        pages=turned.pages(url or reverse("reader:corrections"), {}),
    )


def public_corrections(*, at: datetime) -> CorrectionQuerySet:
    """Those that readers meet at this moment, without the texts that they tie."""
    rows = Correction.objects.public(at=at).select_related("article", "before", "after")
    return rows.defer(*(f"{text}__{field}" for text in ("before", "after") for field in _UNREAD))


def correction_lines(rows: Iterable[Correction], *, at: datetime) -> tuple[PublicCorrection, ...]:
    """Each with the public claims that it touched; of `public_corrections`."""
    rows = tuple(rows)
    claims = _claims(rows, at=at)
    return tuple(_line(row, claims[row.pk]) for row in rows)


def _rectifications(*, at: datetime) -> Iterable[PublicRectification]:
    """The latest, of things that are public at this moment."""
    things = ("article", "claim", "source", "entity")
    rows = Rectification.objects.public(at=at).select_related(*(f"flag__{thing}" for thing in things))
    for row in rows.order_by("-at", "-pk")[:RECTIFICATIONS]:
        subject = row.flag.subject
        title, lang = title_of(subject)
        yield PublicRectification(row, title, lang, row.get_absolute_url())


_UNREAD = ("html", "text", "blocks")


def _line(correction: Correction, claims: list[TouchedLine]) -> PublicCorrection:
    slug = correction.article.slug
    before, after = correction.before.number, correction.after.number
    return PublicCorrection(
        correction=correction,
        article_url=correction.article.get_absolute_url(),
        before_url=reverse("reader:revision", args=[slug, before]),
        after_url=reverse("reader:revision", args=[slug, after]),
        changes_url=reverse("reader:changes", args=[slug, before, after]),
        claims=tuple(claims[:CLAIMS_IN_SHORT]),
        more_claims=max(0, len(claims) - CLAIMS_IN_SHORT),
    )


def _claims(corrections: tuple[Correction, ...], *, at: datetime) -> dict[int, list[TouchedLine]]:
    """The public claims that each of them touched."""
    touched = Correction.claims.through.objects.filter(correction__in=corrections).order_by("pk")
    pairs = list(touched.values_list("correction", "claim"))
    claims = Claim.objects.public(at=at).in_bulk({claim for _correction, claim in pairs})
    known = Ratings.load()
    current = known.current_of(claims)
    found = defaultdict(list)
    for correction, key in pairs:
        if claim := claims.get(key):
            badge = known.badge(current.get(key))
            found[correction].append(TouchedLine(claim.text, claim.lang, claim.get_absolute_url(), badge))
    return found
