"""The fact box of an article: what was checked and what was not, who is quoted, what was corrected.

Made of what the page shows already: it asks nothing. Sources are counted by kind, those alone that the page
names. Of who is confidential or protected neither kind nor number is told, only in how many passages somebody
speaks whom the page does not name: so many stand under "Who says what", where each reader can count them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from newsroom.presenters import ratings, register

from .sayings import Saying, SourceLine

#: Keys of the register under which no claim has a rating of its content that holds.
_NO_RATING_THAT_HOLDS = (*ratings.NO_RATINGS, ratings.ATTRIBUTION, ratings.STALE)


@dataclass(frozen=True, slots=True)
class Facts:
    claims: int
    #: Claims by the rating of their content that holds, and those that nobody has rated yet.
    rated: tuple[register.Count, ...]
    unrated: tuple[register.Count, ...]
    #: Those of which it is judged alone whether the source said it, and those whose rating may not hold.
    attributions: int
    stale: int
    #: Label and number of each kind of the sources that are named.
    sources: tuple[tuple[str, int], ...]
    #: Passages whose speaker is not named.
    unnamed: int
    #: Documents that stand as evidence now; None of an earlier version, whose own are not counted.
    documents: int | None

    @property
    def not_rated(self) -> int:
        """How many claims there are of whose content no rating says anything."""
        return sum(count.number for count in self.unrated) + self.attributions


def facts_of(
    counts: Iterable[register.Count],
    sources: Iterable[SourceLine],
    says: Iterable[Saying],
    *,
    documents: int | None,
) -> Facts:
    counts = tuple(counts)
    numbers = {count.badge.key: count.number for count in counts}
    kinds = Counter(source.kind_label for source in sources)
    return Facts(
        claims=sum(count.number for count in counts),
        rated=tuple(count for count in counts if count.badge.key not in _NO_RATING_THAT_HOLDS),
        unrated=tuple(count for count in counts if count.badge.key in ratings.NO_RATINGS),
        attributions=numbers.get(ratings.ATTRIBUTION, 0),
        stale=numbers.get(ratings.STALE, 0),
        sources=tuple(sorted(kinds.items())),
        unnamed=sum(not saying.is_named for saying in says),
        documents=documents,
    )
