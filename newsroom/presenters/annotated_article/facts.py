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


@dataclass(frozen=True, slots=True)
class Facts:
    claims: int
    #: Claims by what they wear, and those that nobody has rated yet, which is no rating.
    rated: tuple[register.Count, ...]
    unrated: tuple[register.Count, ...]
    #: Label and number of each kind of the sources that are named.
    sources: tuple[tuple[str, int], ...]
    #: Passages whose speaker is not named.
    unnamed: int
    documents: int

    @property
    def not_rated(self) -> int:
        return sum(count.number for count in self.unrated)


def facts_of(
    counts: Iterable[register.Count],
    sources: Iterable[SourceLine],
    says: Iterable[Saying],
    *,
    documents: int,
) -> Facts:
    counts = tuple(counts)
    kinds = Counter(source.kind_label for source in sources)
    return Facts(
        claims=sum(count.number for count in counts),
        rated=tuple(count for count in counts if count.badge.key not in ratings.NO_RATINGS),
        unrated=tuple(count for count in counts if count.badge.key in ratings.NO_RATINGS),
        sources=tuple(sorted(kinds.items())),
        unnamed=sum(not saying.is_named for saying in says),
        documents=documents,
    )
