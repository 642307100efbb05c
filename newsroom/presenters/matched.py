"""Already checked? Claims that say the same as a sentence, likeliest first, with what matched.

The search finds what holds *all* words that were asked for, and no two people word a claim alike. To weigh
every claim that holds any of them takes as long as there are such claims.

So the index of the search (`models/searchable.py`) is asked for each word by itself, the `MOST_WORDS` rarest
in one statement, and of each for no more than `MOST_HITS` entries: it hands them out without looking at the
others. The wordings of those that share most are read, and `text/claim_matching.py` compares them; whole
claims are read of what is shown alone. The index is kept in step by every write and made anew by
`rebuild_search`; where it is broken, that is logged and nothing is found.

How rare a word is, the newest `SAMPLE` claims tell. A newsroom that has many keeps that for ten minutes.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from time import monotonic

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from newsroom.models import Claim, ClaimWording
from newsroom.models.claim import ClaimQuerySet
from newsroom.models.search_entries import ClaimEntry
from newsroom.text.claim_matching import (
    LONGEST,
    Frequencies,
    Match,
    Read,
    Wording,
    matches,
    read,
    shortlist,
)
from newsroom.text.queries import Term
from newsroom.text.stems import is_stem

#: Claims that are shown, words that are asked for, entries of each word, claims that are compared.
MOST, MOST_WORDS, MOST_HITS, MOST_COMPARED = 6, 16, 200, 50
#: A claim that is shown scores so much, and shares so many words.
LEAST, LEAST_WORDS = 0.2, 2
#: Claims that tell how rare a word is; so many are kept, for so many seconds.
SAMPLE, MANY, KEPT = 5_000, 1_000, 600

logger = logging.getLogger(__name__)
_kept: dict[str, tuple[float, Frequencies]] = {}


class Unsearchable(Exception):
    """The index cannot be read: `manage.py rebuild_search` makes it anew."""


@dataclass(frozen=True, slots=True)
class Matched:
    claim: Claim
    match: Match

    @property
    def shared(self) -> str:
        """The names, figures and words that both have, in one line."""
        return ", ".join((*self.match.names, *self.match.figures, *self.match.words))

    @property
    def differs(self) -> tuple[str, ...]:
        """What turns a sentence round, in words."""
        said = []
        if self.match.negation_differs:
            said.append(_("One of the two says “not”."))
        if self.match.figures_differ:
            said.append(_("The figures differ."))
        return tuple(said)


def matched_claims(text: str, lang: str, *, among: ClaimQuerySet, most: int = MOST) -> list[Matched]:
    """Of these claims those that say the same as a text, the likeliest first; `lang` is "" if unknown.

    Raises `Unsearchable` if the index is broken.
    """
    return matched_in((text,), lang, among=among, most=most)[0]


def matched_in(
    sentences: Sequence[str], lang: str, *, among: ClaimQuerySet, most: int = MOST
) -> list[list[Matched]]:
    """Of each of these sentences the claims that say the same, as `matched_claims` does of one text.

    Raises `Unsearchable` if the index is broken.
    """
    said = [read(Wording(sentence[:LONGEST], lang)) for sentence in sentences]
    try:
        # A block of its own: on PostgreSQL a failed statement ends the transaction that it stands in.
        with transaction.atomic():
            return [_matched(one, among, most) for one in said]
    except DatabaseError as error:
        logger.exception("The index of claims cannot be read: run manage.py rebuild_search.")
        raise Unsearchable from error


def similar_claims(claim: Claim) -> list[Matched]:
    """The claims that say most of the same, the likest first; none that was withdrawn."""
    standing = Claim.objects.filter(withdrawn_at=None).exclude(pk=claim.pk)
    try:
        return matched_claims(claim.text, claim.lang, among=standing)
    except Unsearchable:
        return []


def _matched(said: Read, among: ClaimQuerySet, most: int) -> list[Matched]:
    if not said.words:
        return []
    known = _frequencies()
    asked = known.rarest(said)[:MOST_WORDS]
    found = ClaimEntry.first_with_each([Term(forms) for forms in asked], MOST_HITS)
    weights = (max(map(known.weight, forms)) for forms in asked)
    # Four times as many: some of them may not be among those that are asked for.
    likely = shortlist(zip(weights, found, strict=True), MOST_COMPARED * 4)
    there = {key: some for key, *some in among.filter(pk__among=likely).values_list("pk", "text", "lang")}
    wordings = {key: [Wording(*there[key])] for key in likely if key in there}
    wordings = dict(islice(wordings.items(), MOST_COMPARED))
    others = ClaimWording.objects.filter(claim__in=wordings).order_by("lang")
    for key, words, lang in others.values_list("claim", "text", "lang"):
        wordings[key].append(Wording(words, lang))
    best = [
        match
        for match in matches(said, ((key, read(*some)) for key, some in wordings.items()), known, least=LEAST)
        if len(match.words) + len(match.names) + len(match.figures) >= LEAST_WORDS
    ]
    shown = among.in_bulk([match.key for match in best[:most]])
    return [Matched(shown[match.key], match) for match in best[:most] if match.key in shown]


def _frequencies() -> Frequencies:
    database = ClaimEntry.objects.db
    since, known = _kept.get(database, (0.0, None))
    if known is not None and monotonic() - since < KEPT:
        return known
    newest = ClaimEntry.objects.order_by("place").values_list("title", flat=True)[:SAMPLE]
    tokens = (title.split() for title in newest)
    known = Frequencies.of(([token for token in some if not is_stem(token)], some) for some in tokens)
    if known.total >= MANY:
        _kept[database] = (monotonic(), known)
    return known
