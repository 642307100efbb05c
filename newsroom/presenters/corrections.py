"""All public corrections, the newest first: what was wrong, in which text, and the claims that it touched."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse

from newsroom.models import Article, Claim, Correction, Entity, Flag, Source
from newsroom.models.correction import CorrectionQuerySet

from .flagging import title_of
from .paging import Pages, Turn, turn
from .ratings import Badge, Ratings

ORDER = ("-at", "-pk")
#: Claims that are named with a correction; the page of what changed has them all.
CLAIMS_IN_SHORT = 5
#: Outcomes of flags on the first page.
OUTCOMES = 30


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
class PublicOutcome:
    """What came of an accepted flag, in the editor's words."""

    outcome: str
    lang: str
    at: datetime
    title: str
    title_lang: str
    url: str


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    lines: tuple[PublicCorrection, ...]
    pages: Pages
    outcomes: tuple[PublicOutcome, ...] = ()
    #: How many flags were decided in all, and how many of them changed nothing.
    decided: int = 0
    rejected: int = 0


def corrections_page(given: Mapping[str, str], *, at: datetime, url: str = "") -> CorrectionsPage:
    """`url` is where the other pages are, if not on the list of corrections."""
    rows = public_corrections(at=at)
    turned: Turn[Correction] = turn(rows, ORDER, after=given.get("after", ""), before=given.get("before", ""))
    is_first = not (url or given.get("after") or given.get("before"))
    decided = Flag.objects.decided().order_by().values_list("state").annotate(Count("pk"))
    states = Counter(dict(decided)) if is_first else Counter()
    return CorrectionsPage(
        outcomes=tuple(_outcomes(at=at)) if is_first else (),
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


def _outcomes(*, at: datetime) -> Iterable[PublicOutcome]:
    """The latest, of things that are public at this moment."""
    flags = Flag.objects.filter(state=Flag.State.ACCEPTED).filter(
        Q(article__in=Article.objects.published(at=at).order_by().values("pk"))
        | Q(claim__in=Claim.objects.public(at=at).order_by().values("pk"))
        | Q(source__in=Source.objects.public().order_by().values("pk"))
        | Q(entity__in=Entity.objects.public().order_by().values("pk"))
    )
    rows = flags.select_related("article", "claim", "source", "entity").order_by("-decided_at", "-pk")
    for flag in rows[:OUTCOMES]:
        title, lang = title_of(flag.subject)
        anchor = f"#flag-{flag.code}" if flag.article else ""
        url = f"{flag.subject.get_absolute_url()}{anchor}"
        yield PublicOutcome(flag.outcome, flag.lang, flag.decided_at, title, lang, url)


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
