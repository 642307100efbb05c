"""Claims like another one, for who is about to check it: it may have been checked before.

The problem. The search finds what holds *all* words that were asked for, and no two people word a claim
alike. To ask for any of them finds half the newsroom, and to weigh every hit takes as long as there are hits.

Each telling word is therefore asked for by itself, and of its hits only the newest are taken: `MOST_HITS`,
which the index hands out without looking at the others. A word that brought few says much, one that brought
all it could says little; a claim is as like as the sum of what its words say. The queries are as many as the
words, never more than `MOST_WORDS`, whatever the number of claims.
"""

from __future__ import annotations

from collections import defaultdict
from math import log2

from newsroom.models import Claim
from newsroom.text.queries import Query, Term, parse

MOST_SIMILAR, MOST_WORDS, MOST_HITS = 6, 7, 100
#: How much of what a claim's words say another one has to share, and how many of the words.
LEAST_SHARE, LEAST_WORDS = 0.3, 2


def similar_claims(claim: Claim) -> list[Claim]:
    """The claims that say most of the same, the likest first; none that was withdrawn."""
    standing = Claim.objects.filter(withdrawn_at=None).exclude(pk=claim.pk)
    shared: dict[int, list[float]] = defaultdict(list)
    whole = 0.0
    for term in telling(claim.text):
        keys = standing.search(Query(terms=(term,))).first_keys(MOST_HITS)
        says = 1 / log2(2 + len(keys))
        whole += says
        for key in keys:
            shared[key].append(says)
    likeness = {
        key: sum(words) / whole
        for key, words in shared.items()
        if len(words) >= LEAST_WORDS and sum(words) >= LEAST_SHARE * whole
    }
    best = sorted(likeness, key=lambda key: (-likeness[key], -key))[:MOST_SIMILAR]
    found = Claim.objects.in_bulk(best)
    return [found[key] for key in best]


def telling(text: str) -> list[Term]:
    """Its words, numbers and long words first: names and things rather than what joins them."""
    terms = parse(text.replace("-", " ").replace('"', " ")).terms
    by_weight = sorted(terms, key=lambda term: (not term.tokens[0][:1].isdigit(), -len(term.tokens[0])))
    return by_weight[:MOST_WORDS]
