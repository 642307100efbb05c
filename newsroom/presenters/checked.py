"""Was this checked already? What readers are told of a sentence that they bring, or of a short text.

Each sentence is looked for by itself: a text of several says several things. Only claims that a reader can
open and that were rated are told, a rating in doubt as such. That nothing was found is said as just that: it
is no rating, and says nothing about the sentence.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from newsroom.models import Claim, Review
from newsroom.models.claim import ClaimQuerySet
from newsroom.text.sentences import sentences

from .matched import SURE, Matched, Unsearchable, matched_in
from .ratings import Badge, Ratings
from .search import LONGEST as LONGEST_SEARCH

#: Characters that are looked at, and sentences of them.
LONGEST, MOST_SENTENCES = 1_000, 6
#: Claims that are told of one sentence.
MOST = 5


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the text, where it stands, and what says the same, the likeliest first."""

    text: str
    start: int
    end: int
    matches: tuple[Matched, ...]


@dataclass(frozen=True, slots=True)
class Line:
    words: str
    lang: str
    url: str
    badge: Badge
    kind_label: str
    rated_at: datetime
    shared: str
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What is told of one sentence."""

    text: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CheckedPage:
    typed: str
    #: Why nothing was looked for; the text is there still.
    refusal: str = ""
    #: The index cannot be read: it is not known whether anything says this.
    broken: bool = False
    #: What of a long text was left.
    rest: str = ""
    said: tuple[Said, ...] = ()
    #: Sentences of which nothing is known here, beside others of which something is.
    unsaid: tuple[str, ...] = ()
    search_url: str = ""

    @property
    def asked(self) -> bool:
        return bool(self.typed)

    @property
    def found(self) -> bool:
        return bool(self.said)


class TooLong(ValueError):
    """More characters than are looked at; says so in words."""


def rated(claims: ClaimQuerySet) -> ClaimQuerySet:
    """Of these claims those with a rating that readers see."""
    return claims.filter(Exists(Review.objects.current().filter(claim=OuterRef("pk"))))


def passages(text: str, lang: str, *, among: ClaimQuerySet) -> list[Passage]:
    """The first sentences of a text with the rated claims that say the same; `lang` is "" if unknown.

    Raises `TooLong`, and `Unsearchable` if the index is broken.
    """
    length = len(text.replace("\r\n", "\n"))
    if length > LONGEST:
        raise TooLong(
            _("That is too long: %(number)s characters, and up to %(most)s are looked at.")
            % {"number": length, "most": LONGEST}
        )
    plain = _without_controls(text)
    some = sentences(plain, lang or get_language())[:MOST_SENTENCES]
    said = [plain[start:end] for start, end in some]
    found = matched_in(said, lang, among=rated(among), most=MOST, least=SURE)
    return [
        Passage(words, start, end, tuple(alike))
        for words, (start, end), alike in zip(said, some, found, strict=True)
    ]


def checked_page(typed: str, *, at: datetime) -> CheckedPage:
    """Whatever was typed: it is looked for, or told why not."""
    shown = _without_controls(typed.replace("\r\n", "\n")).strip()
    if not shown:
        return CheckedPage("")
    try:
        found = passages(shown, "", among=Claim.objects.public(at=at))
    except TooLong as error:
        return CheckedPage(shown, refusal=str(error))
    except Unsearchable:
        return CheckedPage(shown, broken=True)
    lines = _lines(found)
    some = any(lines)
    return CheckedPage(
        typed=shown,
        rest=shown[found[-1].end :].strip() if found else "",
        said=tuple(Said(one.text, told) for one, told in zip(found, lines, strict=True) if told),
        unsaid=tuple(one.text for one, told in zip(found, lines, strict=True) if some and not told),
        search_url=f"{reverse('reader:search')}?{urlencode({'q': shown[:LONGEST_SEARCH]})}",
    )


def reviews_of(found: Sequence[Passage]) -> dict[int, Review]:
    """The rating of each claim that was found, by its key."""
    keys = {one.claim.pk for passage in found for one in passage.matches}
    return {review.claim_id: review for review in Review.objects.current().filter(claim__in=keys)}


def _lines(found: Sequence[Passage]) -> list[tuple[Line, ...]]:
    known, reviews = Ratings.load(), reviews_of(found)
    return [
        tuple(
            Line(
                words=one.claim.text,
                lang=one.claim.lang,
                url=one.claim.get_absolute_url(),
                badge=known.badge(reviews[one.claim.pk]),
                kind_label=one.claim.get_kind_display() if one.claim.is_subjective else "",
                rated_at=reviews[one.claim.pk].published_at,
                shared=one.shared,
                differs=one.differs,
            )
            for one in passage.matches
            # One that was withdrawn since is told no more.
            if one.claim.pk in reviews
        )
        for passage in found
    ]


def _without_controls(text: str) -> str:
    """What can be shown of it, as long as before: a control character is a blank, but the end of a line."""
    return "".join(
        " " if unicodedata.category(each) in ("Cc", "Cs") and each != "\n" else each for each in text
    )
