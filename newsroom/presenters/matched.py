"""Already checked? Claims that say the same as a sentence, likeliest first, with what matched.

The search finds what holds *all* words that were asked for, and no two people word a claim alike. To weigh
every claim that holds any of them takes as long as there are such claims.

So the index of the search (`models/searchable.py`) is asked which claims hold each of the rarest words, for
all sentences of a text in one statement, and hands out keys without reading an entry: `MOST_HITS` of each
word, which is all of them but for frequent words. The claims that share most are read, and
`text/claim_matching.py` compares them. There are as many questions for a text as for a sentence, whatever the
number of claims. The index is kept in step by every write and made anew by `rebuild_search`; where it is
broken, or does not know the words of the newest claims, that is logged and nothing is found.

Where the newsroom named an embedding model (`meanings.py`), what it makes of the sentence and of the claims
moves them among each other, and a person at the desk is offered the nearest of the newest `SAMPLE` claims,
though they share no word: two questions more. Without, nothing is asked.

How rare a word is, the newest `SAMPLE` claims tell. A newsroom that has many keeps that for ten minutes.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from time import monotonic

import numpy as np
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
    spoken,
)
from newsroom.text.embeddings import Vectors, dimension, likeness, nearest, unpacked
from newsroom.text.queries import Term
from newsroom.text.stems import is_stem

from .meanings import meant

#: Claims that are shown, words that are asked for, entries of each word.
MOST, MOST_WORDS, MOST_HITS = 6, 24, 2_000
#: Claims that share most words, and those of them that are compared.
MOST_LIKELY, MOST_COMPARED = 300, 40
#: A word that stands in a greater share of the claims, or in more than are handed out, is asked for only
#: where rarer ones find too few, and then so many of them, the rarest: to find the newest that have it
#: PostgreSQL looks at thousands of entries. All of them count in the claims that are found. One that stands
#: in few is none of them, whatever the share.
FREQUENT, MOST_FREQUENT, FEW = 1 / 50, 3, 500
#: A claim that a person chooses from scores so much, one that readers see more; each shares so many words.
LEAST, SURE, LEAST_WORDS = 0.1, 0.2, 2
#: Sentences of a text that an embedding model reads, the first: each takes it some hundredths of a second.
#: And claims that it brings to each, the nearest of the newest.
MOST_MEANT, MOST_NEAR = 8, 5
#: Claims that tell how rare a word is; so many are kept, for so many seconds.
SAMPLE, MANY, KEPT = 10_000, 1_000, 600

logger = logging.getLogger(__name__)
_kept: dict[str, tuple[float, _Known]] = {}
_kept_vectors: dict[tuple[str, str], tuple[float, list[int], Vectors]] = {}


class Unsearchable(Exception):
    """The index cannot be read: `manage.py rebuild_search` makes it anew."""


@dataclass(frozen=True, slots=True)
class Matched:
    claim: Claim
    match: Match

    @property
    def shared(self) -> str:
        """The names, figures and words that both have, each once, in one line."""
        said = dict.fromkeys((*self.match.names, *self.match.figures, *self.match.words))
        return ", ".join(said) or _("the meaning, as far as a model can tell")

    @property
    def differs(self) -> tuple[str, ...]:
        """What turns a sentence round, in words."""
        said = []
        if self.match.negation_differs:
            said.append(_("One of the two says “not”."))
        if self.match.figures_differ:
            said.append(_("The figures differ."))
        return tuple(said)


def matched_claims(
    text: str, lang: str, *, among: ClaimQuerySet, most: int = MOST, least: float = LEAST
) -> list[Matched]:
    """Of these claims those that say the same as a text, the likeliest first; `lang` is "" if unknown.

    Raises `Unsearchable` if the index is broken.
    """
    return matched_in((text,), lang, among=among, most=most, least=least)[0]


def matched_in(
    sentences: Sequence[str], lang: str, *, among: ClaimQuerySet, most: int = MOST, least: float = LEAST
) -> list[list[Matched]]:
    """Of each of these sentences the claims that say the same, as `matched_claims` does of one text.

    Raises `Unsearchable` if the index is broken.
    """
    said = [read(Wording(sentence[:LONGEST], lang)) for sentence in sentences]
    try:
        # A block of its own: on PostgreSQL a failed statement ends the transaction that it stands in.
        with transaction.atomic():
            return _matched(said, among, most, least, sentences, lang)
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


@dataclass(frozen=True, slots=True)
class _Known:
    """How rare words are, and how many claims there are."""

    frequencies: Frequencies
    claims: int

    def is_frequent(self, forms: Collection[str]) -> bool:
        most = max(FEW, min(FREQUENT * self.claims, MOST_HITS))
        return self.claims > 0 and self.frequencies.is_in_more_than(most / self.claims, forms)


@dataclass(frozen=True, slots=True)
class _Meant:
    """Of each sentence: the claims nearest to it by what they mean, and how like those compared are."""

    of: str
    rows: Mapping[int, Vectors]

    @classmethod
    def read(cls, said: Sequence[Read], sentences: Sequence[str], lang: str) -> _Meant:
        """The first of these sentences, as they were said; nothing where no model is named."""
        some = [number for number, one in enumerate(said) if one.words][:MOST_MEANT]
        asked = meant([spoken(sentences[number]) for number in some], lang)
        return cls(asked[0], dict(zip(some, asked[1], strict=True))) if asked else cls("", {})

    def near(self) -> dict[int, list[int]]:
        if not self.rows:
            return {}
        keys, known = _vectors(self.of)
        return {
            number: [keys[place] for place in nearest(row, known, MOST_NEAR)]
            for number, row in self.rows.items()
        }

    def alike(self, compared: Sequence[Collection[int]]) -> list[dict[int, float]]:
        found: list[dict[int, float]] = [{} for _keys in compared]
        if self.rows:
            wanted = set(chain.from_iterable(compared[number] for number in self.rows))
            kept = ClaimEntry.objects.filter(row__in=wanted, vector_of=self.of)
            vectors = {key: bytes(vector) for key, vector in kept.values_list("row", "vector")}
            for number, row in self.rows.items():
                known = {key: vectors[key] for key in compared[number] if key in vectors}
                found[number] = likeness(row, known)
        return found


def _matched(
    said: list[Read], among: ClaimQuerySet, most: int, least: float, sentences: Sequence[str], lang: str
) -> list[list[Matched]]:
    if not any(one.words for one in said):
        return [[] for _one in said]
    all_known = _known()
    known = all_known.frequencies
    likely = _likely(said, all_known)
    meaning = _Meant.read(said, sentences, lang)
    # What shares no word is for a person to choose, and nothing that readers are told.
    near = meaning.near() if least < SURE else {}
    wanted = set(chain.from_iterable((*likely, *near.values())))
    there = set(among.filter(pk__among=wanted).values_list("pk", flat=True))
    nearby = [[key for key in near.get(number, ()) if key in there] for number in range(len(said))]
    compared = [
        list(dict.fromkeys([*[key for key in keys if key in there][:MOST_COMPARED], *close]))
        for keys, close in zip(likely, nearby, strict=True)
    ]
    claims = _read(set(chain.from_iterable(compared)))
    best = [
        [
            match
            for match in matches(
                one, ((key, claims[key]) for key in keys), known, least=least, alike=alike, near=close
            )
            if match.key in close or len(match.words) + len(match.names) + len(match.figures) >= LEAST_WORDS
        ][:most]
        for one, keys, alike, close in zip(said, compared, meaning.alike(compared), nearby, strict=True)
    ]
    rows = among.in_bulk({match.key for some in best for match in some})
    return [[Matched(rows[match.key], match) for match in some if match.key in rows] for some in best]


def _likely(said: list[Read], all_known: _Known) -> list[list[int]]:
    """Of each sentence the claims that share most of its rare words: more than are compared, for some of
    them may not be among those that are asked for.
    """
    known = all_known.frequencies
    rarest = [known.rarest(one)[:MOST_WORDS] for one in said]
    words = list(dict.fromkeys(chain.from_iterable(rarest)))
    weights = {forms: max(map(known.weight, forms)) for forms in words}
    frequent = {forms for forms in words if all_known.is_frequent(forms)}
    holding = _holding([forms for forms in words if forms not in frequent])

    def likely(some: Collection[tuple[str, ...]]) -> list[int]:
        return shortlist(
            ((weights[forms], holding[forms]) for forms in some if forms in holding), MOST_LIKELY
        )

    found = [likely(some) for some in rarest]
    lacking = [some for some, keys in zip(rarest, found, strict=True) if len(keys) < MOST_LIKELY]
    also = [[forms for forms in some if forms in frequent][:MOST_FREQUENT] for some in lacking]
    holding |= _holding(list(dict.fromkeys(chain.from_iterable(also))))
    expected = sum(any(form in known.forms for form in forms) for forms in words)
    if expected >= LEAST_WORDS and not any(holding.values()):
        raise DatabaseError("Words of the newest claims are not in the index.")
    found = [likely(some) for some in rarest]
    partly = [any(forms not in holding for forms in some) for some in rarest]
    unread = chain.from_iterable(keys for keys, is_partly in zip(found, partly, strict=True) if is_partly)
    forms_of = _forms_of(set(unread)) if any(partly) else {}
    return [
        _sharing_most(keys, some, weights, forms_of) if is_partly else keys
        for keys, some, is_partly in zip(found, rarest, partly, strict=True)
    ]


def _holding(words: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], list[int]]:
    """The first claims that have each of these words."""
    return dict(zip(words, ClaimEntry.first_with_each([*map(Term, words)], MOST_HITS), strict=True))


def _forms_of(keys: Collection[int]) -> dict[int, list[str]]:
    """What each of these claims is found by."""
    found = ClaimEntry.objects.filter(row__pk__among=keys).values_list("row", "title")
    return {key: title.split() for key, title in found}


def _sharing_most(
    keys: Collection[int],
    words: Collection[tuple[str, ...]],
    weights: Mapping[tuple[str, ...], float],
    forms_of: Mapping[int, Collection[str]],
) -> list[int]:
    """Of claims that share rare words those that share most of all words, read in the claims themselves."""
    word_of = {form: forms for forms in words for form in forms}
    there: dict[tuple[str, ...], list[int]] = {forms: [] for forms in words}
    asked = frozenset(word_of)
    for key in keys:
        for forms in {word_of[form] for form in asked.intersection(forms_of.get(key, ()))}:
            there[forms].append(key)
    return shortlist(((weights[forms], found) for forms, found in there.items()), MOST_LIKELY)


def _read(keys: Collection[int]) -> dict[int, Read]:
    """These claims in all their wordings. Two queries."""
    wordings: dict[int, list[Wording]] = {}
    own = Claim.objects.filter(pk__among=keys).values_list("pk", "text", "lang")
    others = ClaimWording.objects.filter(claim__in=keys).order_by("lang").values_list("claim", "text", "lang")
    for key, words, lang in chain(own, others):
        wordings.setdefault(key, []).append(Wording(words, lang))
    return {key: read(*some) for key, some in wordings.items()}


def _known() -> _Known:
    database = ClaimEntry.objects.db
    since, kept = _kept.get(database, (0.0, None))
    if kept is not None and monotonic() - since < KEPT:
        return kept
    newest = ClaimEntry.objects.order_by("place").values_list("title", flat=True)[:SAMPLE]
    tokens = (title.split() for title in newest)
    known = Frequencies.of(([token for token in some if not is_stem(token)], some) for some in tokens)
    found = _Known(known, known.total if known.total < SAMPLE else ClaimEntry.objects.count())
    if known.total >= MANY:
        _kept[database] = (monotonic(), found)
    return found


def _vectors(of: str) -> tuple[list[int], Vectors]:
    """The keys of the newest claims that this model read, and their vectors: 15 MB for 384 numbers each.

    Kept like the frequencies. A claim whose words changed since may be looked at once more, for nothing.
    """
    here = (ClaimEntry.objects.db, of)
    since, keys, rows = _kept_vectors.get(here, (-KEPT, [], np.zeros((0, 0), np.float32)))
    if keys and monotonic() - since < KEPT:
        return keys, rows
    newest = ClaimEntry.objects.filter(vector_of=of).order_by("place").values_list("row", "vector")[:SAMPLE]
    kept = [(key, bytes(vector)) for key, vector in newest]
    keys = [key for key, _vector in kept]
    rows = unpacked([vector for _key, vector in kept], dimension(of))
    if len(keys) >= MANY:
        _kept_vectors.clear()
        _kept_vectors[here] = (monotonic(), keys, rows)
    return keys, rows
