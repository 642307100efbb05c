"""The claims of an article as its margin notes, its register and its legend show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from newsroom.models import Article, Claim, Evidence, Review
from newsroom.presenters.ratings import Badge, Ratings
from newsroom.presenters.replied import StandingReply
from newsroom.presenters.stale import ChangedWords, changed_words

from .speakers import may_be_named, page_of
from .standing import StandingClaim, claims_in, targets_in

#: Words of a quotation that are spoken with the number of its note.
SPOKEN_WORDS = 5


@dataclass(frozen=True, slots=True)
class Note:
    """A claim of this article, as its margin note, its register line and its linear reading show it."""

    number: int
    code: str
    words: str
    words_lang: str
    label: str
    badge: Badge
    kind_label: str
    claimant: str
    claimant_url: str
    summary: str
    summary_lang: str
    facts_judged: str
    explanation: str
    evidence_line: str
    url: str
    card_url: str
    #: Where its words are flagged; "" where readers do not read it.
    flag_url: str = ""
    #: Of a stale rating, why it is.
    changed: ChangedWords | None = None
    #: What those who were asked replied, beside a rating.
    replies: tuple[StandingReply, ...] = ()

    @property
    def id(self) -> str:
        return f"note-{self.code}"

    @property
    def mark_id(self) -> str:
        return f"claim-{self.code}"

    @property
    def ref_id(self) -> str:
        return f"ref-{self.code}"


def numbered_claims(
    article: Article, known: Ratings, *, claim_url: Callable[[Claim], str] | None = None
) -> list[tuple[Claim, Note]]:
    """The claims that stand in an article now, with the notes that the article shows: five queries.

    A claim that stands there twice has two notes. What was replied is not in them.
    """
    claims = claims_in(article.current_revision, targets_in(article.current_revision), replied=False)
    notes = notes_of(article, claims, known, claim_url, explained=False)
    return [(claims[annotation].claim, note) for annotation, note in notes.items()]


def notes_of(
    article: Article,
    claims: dict[int, StandingClaim],
    known: Ratings,
    claim_url: Callable[[Claim], str] | None,
    *,
    explained: bool,
) -> dict[int, Note]:
    pages = {standing.claim.claimant_id: page_of(standing.claim.claimant) for standing in claims.values()}
    article_url = article.get_absolute_url()
    notes: dict[int, Note] = {}
    codes: set[str] = set()
    for number, (annotation, standing) in enumerate(claims.items(), start=1):
        # A claim that stands here again: its code is taken, and an id stands once on a page.
        code = standing.claim.code
        code = f"{code}-{number}" if code in codes else code
        codes.add(code)
        note = _note(
            number, code, article, article_url, standing, known, pages, claim_url, explained=explained
        )
        if changed := _changed(annotation, standing, article.lang):
            note = replace(note, changed=changed)
        notes[annotation] = note
    return notes


def _note(
    number: int,
    code: str,
    article: Article,
    article_url: str,
    standing: StandingClaim,
    known: Ratings,
    pages: dict[int | None, str],
    claim_url: Callable[[Claim], str] | None,
    *,
    explained: bool,
) -> Note:
    claim, review = standing.claim, standing.review
    badge = known.badge(review or standing.assignment)
    spoken = standing.words.split()
    beginning = " ".join(spoken[:SPOKEN_WORDS]) + ("…" if len(spoken) > SPOKEN_WORDS else "")
    rating = f"{badge.label} ({_('to be checked again')})" if badge.stale else badge.label
    url = claim_url(claim) if claim_url else claim.get_absolute_url()
    return Note(
        number=number,
        code=code,
        words=standing.words,
        words_lang=article.lang,
        label=_("Note %(number)d, %(rating)s: “%(words)s”")
        % {"number": number, "rating": rating, "words": beginning},
        badge=badge,
        # Not `get_kind_display`, which hashes all choices anew for each of many rows.
        kind_label=str(Claim.Kind(claim.kind).label) if claim.is_subjective else "",
        claimant=claim.claimant.name if may_be_named(claim.claimant) else "",
        claimant_url=pages[claim.claimant_id],
        summary=review.summary if review else "",
        summary_lang=review.lang if review else "",
        facts_judged=review.facts_judged if review else "",
        explanation=review.explanation if review and explained else "",
        evidence_line=evidence_line(standing.evidence),
        url=url,
        card_url="" if claim_url else f"{url}card/",
        flag_url="" if claim_url else f"{article_url}flag/?note={code}",
        replies=standing.replies,
    )


def _changed(annotation: int, standing: StandingClaim, lang: str) -> ChangedWords | None:
    """Why its rating is stale; None if it is not. Of words that were judged elsewhere only since when."""
    review = standing.review
    if review is None or review.state != Review.State.STALE:
        return None
    if review.stale_cause == Review.StaleCause.DOCUMENT:
        return ChangedWords(review.stale_at, by_document=True)
    if review.stale_reason:
        return ChangedWords(review.stale_at, review.lang, reason=review.stale_reason)
    if not review.judged_here(annotation):
        return ChangedWords(review.stale_at)
    return changed_words(review.judged_words, standing.words, lang=lang, since=review.stale_at)


def legend_of(notes: dict[int, Note], known: Ratings) -> list[Badge]:
    """The ratings of this article in the order of the scale, those of attributions after those of content."""
    order = {known.key_of(level.pk): place for place, level in enumerate(known.levels_of_all_versions())}
    badges = {note.badge.anchor: note.badge for note in notes.values()}
    return sorted(badges.values(), key=lambda badge: (badge.is_attribution, order.get(badge.key, len(order))))


def evidence_line(numbers: Counter[str]) -> str:
    """How many items of evidence there are, by stance, in words."""
    if not numbers:
        return ""
    parts = [
        _(template) % {"number": numbers[stance]}
        for stance, template in (
            (Evidence.Stance.SUPPORTS, gettext_noop("%(number)d in support")),
            (Evidence.Stance.REFUTES, gettext_noop("%(number)d against")),
            (Evidence.Stance.CONTEXT, gettext_noop("%(number)d for context")),
        )
        if numbers[stance]
    ]
    total = numbers.total()
    words = ngettext("%(number)d item of evidence", "%(number)d items of evidence", total) % {"number": total}
    return f"{words}: {', '.join(parts)}"
