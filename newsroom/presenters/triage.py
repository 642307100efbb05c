"""Triage: a text that somebody pasted, before anything is tagged. What of it was checked here already, what
is worth a call, and the rest. Nothing of it is kept.

Each sentence is held against the claims that are known (`matched.py`), those first that most deserve it, and
no more than `MOST_MATCHED` of them: so the questions to the database are bounded, whatever the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from newsroom.models import Assignment, Claim, Review
from newsroom.text import mentions
from newsroom.text.attribution import attributions
from newsroom.text.check_worthiness import Sign, Worth, check_worthiness

from .claim_url import claim_url
from .known_cues import lexicon_for
from .known_names import known_names
from .learned import learned_models
from .matched import SURE, Matched, Unsearchable, matched_in
from .ratings import NO_RATINGS, Badge, Ratings
from .reasons import signs_in_words

#: Sentences that are held against the claims, and claims that are shown of each.
MOST_MATCHED, MOST_SHOWN = 60, 3
#: The tag of a language that nobody named.
UNKNOWN = "und"
#: Languages whose words give signs.
RULED = ("it", "en")
#: From here on a sentence is worth a call.
WORTH_A_CALL = 0.5


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim that says what a sentence says; `copy` is empty where readers have no page of it."""

    id: str
    words: str
    lang: str
    kind_label: str
    badge: Badge
    url: str
    shared: str
    differs: tuple[str, ...]
    copy: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, why it is where it is, and the claims that say the same."""

    words: str
    why: str
    known: tuple[KnownClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class TriagePage:
    """`checked` and `rest` are in the order of the text, `worth` has first what is most worth a call.

    `left` is how many sentences were held against no
    claim; `broken`, that none was, since the index cannot be read.
    """

    lang: str
    checked: tuple[Line, ...]
    worth: tuple[Line, ...]
    rest: tuple[Line, ...]
    left: int
    broken: bool

    @property
    def unread(self) -> bool:
        """Whether no rules know the words of this language."""
        return self.lang.partition("-")[0].lower() not in RULED


def triage_page(text: str, lang: str, *, newsroom: str, address: str, at: datetime) -> TriagePage:
    """`text` has its paragraphs on lines of their own; `newsroom` and its `address` stand in the copy."""
    models = learned_models(lang)
    named = mentions.propose(text, lang, known_names(), models.names)
    names = {text[one.start : one.end] for one in named if one.entities}
    sentences = check_worthiness(
        text,
        lang=lang,
        names=names,
        reported=attributions(text, lang=lang, lexicon=lexicon_for(lang), names=names),
        worth=models.worth,
        opinions=models.opinions,
    )
    matched, left, broken = _matched(text, sentences, lang)
    known = _known(matched, newsroom, address, at=at)
    checked: list[Line] = []
    worth: list[tuple[float, Line]] = []
    rest: list[Line] = []
    for number, sentence in enumerate(sentences):
        there = known.get(number, ())
        line = Line(text[sentence.start : sentence.end], _why(sentence), there)
        if any(claim.badge.key not in NO_RATINGS for claim in there):
            checked.append(line)
        elif there or sentence.score >= WORTH_A_CALL:
            worth.append((sentence.score, line))
        else:
            rest.append(line)
    worth.sort(key=lambda pair: -pair[0])
    return TriagePage(lang, tuple(checked), tuple(line for _score, line in worth), tuple(rest), left, broken)


def _why(sentence: Worth) -> str:
    return ", ".join(signs_in_words(sentence.signs))


def _matched(text: str, sentences: list[Worth], lang: str) -> tuple[dict[int, list[Matched]], int, bool]:
    """By the number of the sentence, the claims that say the same."""
    standing = Claim.objects.filter(withdrawn_at=None)
    asked = [number for number, one in enumerate(sentences) if Sign.FRAGMENT not in one.signs]
    asked.sort(key=lambda number: (-sentences[number].score, number))
    held = asked[:MOST_MATCHED]
    words = [text[sentences[number].start : sentences[number].end] for number in held]
    said_in = "" if lang == UNKNOWN else lang
    try:
        alike = matched_in(words, said_in, among=standing, most=MOST_SHOWN, least=SURE)
    except Unsearchable:
        return {}, 0, True
    return dict(zip(held, alike, strict=True)), len(asked) - len(held), False


def _known(
    matched: dict[int, list[Matched]], newsroom: str, address: str, *, at: datetime
) -> dict[int, tuple[KnownClaim, ...]]:
    """The same as a page shows them, in four queries whatever their number."""
    keys = {one.claim.pk for some in matched.values() for one in some}
    ratings = Ratings.load()
    current = ratings.current_of(keys)
    public = set(Claim.objects.public(at=at).filter(pk__in=keys).values_list("pk", flat=True))

    def known(number: int, one: Matched) -> KnownClaim:
        claim, standing = one.claim, current.get(one.claim.pk)
        badge = ratings.badge(standing)
        kind_label = claim.get_kind_display() if claim.is_subjective else ""
        is_public = claim.pk in public
        return KnownClaim(
            id=f"copy-{number}-{claim.code}",
            words=claim.text,
            lang=claim.lang,
            kind_label=kind_label,
            badge=badge,
            url=claim.get_absolute_url() if is_public else claim_url(claim),
            shared=one.shared,
            differs=one.differs,
            copy=_copy(claim, standing, badge, kind_label, newsroom, address) if is_public else "",
        )

    return {number: tuple(known(number, one) for one in some) for number, some in matched.items()}


def _copy(
    claim: Claim,
    standing: Review | Assignment | None,
    badge: Badge,
    kind_label: str,
    newsroom: str,
    address: str,
) -> str:
    """A sentence with its link, for an article: what was rated, how, and where that stands."""
    if not isinstance(standing, Review):
        return ""
    said = [badge.label]
    if kind_label:
        said.append(kind_label.lower())
    if badge.is_attribution:
        said.append(_("the content is not rated"))
    if badge.stale:
        said.append(_("to be checked again"))
    words = {
        "words": claim.text.rstrip("."),
        "rating": ", ".join(said),
        "newsroom": newsroom,
        "url": address + claim.get_absolute_url(),
    }
    return _("“%(words)s”. Rating by %(newsroom)s: %(rating)s. %(url)s") % words
