"""The words of a text that name who speaks → the sources that they may stand for, likeliest first.

«il ministro Mario Rossi», «Rossi», “Mr Rossi”, «l'AdE»: a source goes by its own name, by the names and
aliases of its entity, and, if it is a person whom the article has in full, by the last word of its name
alone. All words of an article are answered with the same few queries.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from django.db.models import Count

from newsroom.models import Annotation, Article, Attribution, EntityAlias, Mention, Source
from newsroom.text.folding import fold

#: More words are not one name; of more there is no need to look into.
_LONGEST, _MOST_WORDS = 8, 24
#: Names in one query: both databases take more parameters, and no article has so many speakers.
_PORTION = 2000
MOST_OFFERED = 5

_WORD = re.compile(r"[^\W_]+(?:[-.'][^\W_]+)*\.?")
_ELIDED = re.compile(r"^(?:l|un|d|dell|all|dall|nell|sull|quell|coll)'(?=.)")
#: «il portavoce di Mario Rossi» is not Mario Rossi.
_BEFORE_ANOTHER = frozenset("di del della dello dei degli delle d' dell' per of for to by from".split())


class Fit(IntEnum):
    """How words name a source, the better the less."""

    NAME = 0  # the very name
    ALIAS = 1  # a name of its entity
    WITHIN = 2  # a name with a title or an office beside it
    SHORT = 3  # the last word of the name of a person whom the article has in full
    PART = 4  # a name among others words, which may speak of somebody else


@dataclass(frozen=True, slots=True)
class Known:
    source: Source
    fit: Fit
    #: Whether nothing speaks against it: it is plain, and no other fits as well.
    sure: bool


def linked(article: Article, named: Iterable[str]) -> dict[str, tuple[Known, ...]]:
    """For each of these words their sources, likeliest first; none where nobody is known by them."""
    asked = {words: _Named.of(words) for words in dict.fromkeys(named)}
    names = {name for one in asked.values() for name in one.runs}
    if not names:
        return dict.fromkeys(asked, ())
    found = _Found()
    found.read_names(sorted(names))
    found.read_article(article)
    scored = {words: found.scored(one) for words, one in asked.items()}
    keys = {key for one in scored.values() for key in one}
    sources = Source.objects.in_bulk(keys)
    times = _times(keys)

    def ranked(one: dict[int, tuple[Fit, int]]) -> Iterator[Known]:
        def place(key: int) -> tuple[tuple[Fit, int], bool, int, int]:
            return one[key], key not in found.speaking, -times[key], key

        order = sorted(one, key=place)
        plain = bool(order) and one[order[0]][0] is not Fit.PART
        alone = len(order) < 2 or one[order[0]] < one[order[1]] or place(order[0])[1] < place(order[1])[1]
        for number, key in enumerate(order[:MOST_OFFERED]):
            yield Known(sources[key], one[key][0], sure=plain and alone and not number)

    return {words: tuple(ranked(one)) for words, one in scored.items()}


@dataclass(frozen=True, slots=True)
class _Named:
    """Words as they are looked for: each run of them, how many it leaves out, whether those say who else."""

    whole: str
    runs: dict[str, tuple[int, bool]]
    #: The last word, if the others are few enough for it to be the short form of a name.
    short: str

    @classmethod
    def of(cls, words: str) -> _Named:
        # PostgreSQL keeps no NUL, and refuses to be asked for one.
        whole = fold(words.replace("\0", " "))
        tokens = _WORD.findall(whole)[:_MOST_WORDS]
        runs: dict[str, tuple[int, bool]] = {}
        for start in range(len(tokens)):
            ends = range(start + 1, min(len(tokens), start + _LONGEST) + 1)
            elided = _ELIDED.match(tokens[start])
            of_another = bool(start) and (
                tokens[start - 1] in _BEFORE_ANOTHER or bool(elided and elided[0] in ("d'", "dell'"))
            )
            for end in ends:
                is_head = (start == 0 or end == len(tokens)) and not of_another
                run = _ELIDED.sub("", " ".join(tokens[start:end]))
                if len(run) > 1:
                    runs.setdefault(run, (len(tokens) - (end - start), is_head))
        if whole:
            runs[whole] = (0, True)
        last = tokens[-1] if 0 < len(tokens) <= 3 else ""
        if len(tokens) > 1 and tokens[-2] in _BEFORE_ANOTHER:
            last = ""
        return cls(whole, runs, last if len(last) > 2 else "")


@dataclass(slots=True)
class _Found:
    """What the database knows of the names: by which, who is meant; and who is in the article already."""

    by_name: dict[str, dict[int, Fit]] = field(default_factory=lambda: defaultdict(dict))
    speaking: set[int] = field(default_factory=set)
    #: The last words of persons' names that are in the article in full.
    by_last_word: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def read_names(self, names: list[str]) -> None:
        for at in range(0, len(names), _PORTION):
            some = names[at : at + _PORTION]
            sources = Source.objects.filter(withdrawn_at=None)
            own = sources.filter(sort_key__in=some).values_list("sort_key", "pk", "kind")
            of_entity = sources.filter(entity__sort_key__in=some)
            aliases = EntityAlias.objects.filter(sort_key__in=some, entity__sources__withdrawn_at=None)
            for fit, rows in (
                (Fit.NAME, own),
                (Fit.ALIAS, of_entity.values_list("entity__sort_key", "pk", "kind")),
                (
                    Fit.ALIAS,
                    aliases.exclude(entity__sources=None).values_list(
                        "sort_key", "entity__sources", "entity__sources__kind"
                    ),
                ),
            ):
                for name, key, kind in rows:
                    self.by_name[name].setdefault(key, fit)
                    if kind == Source.Kind.PERSON:
                        self._is_there_in_full(name, key)

    def read_article(self, article: Article) -> None:
        said = Attribution.objects.live().filter(annotation__article=article, source__withdrawn_at=None)
        for key, name, kind in said.exclude(source=None).values_list(
            "source", "source__sort_key", "source__kind"
        ):
            self.speaking.add(key)
            if kind == Source.Kind.PERSON:
                self._is_there_in_full(name, key)
        named = Mention.objects.live().filter(annotation__article=article).exclude(entity=None)
        persons = Source.objects.filter(
            withdrawn_at=None, kind=Source.Kind.PERSON, entity__in=named.values("entity")
        )
        for key, name in persons.values_list("pk", "sort_key"):
            self._is_there_in_full(name, key)

    def _is_there_in_full(self, name: str, key: int) -> None:
        words = name.split()
        if len(words) > 1:
            self.by_last_word[words[-1]].add(key)

    def scored(self, named: _Named) -> dict[int, tuple[Fit, int]]:
        """Each source with how well the words fit, and how many of them say something else."""
        best: dict[int, tuple[Fit, int]] = {}
        for run, (left, is_head) in named.runs.items():
            for key, fit in self.by_name.get(run, {}).items():
                if left:
                    fit = Fit.WITHIN if is_head else Fit.PART
                best[key] = min((fit, left), best.get(key, (fit, left)))
        for key in self.by_last_word.get(named.short, ()):
            best.setdefault(key, (Fit.SHORT, 0))
        return best


def _times(keys: set[int]) -> Counter[int]:
    """How often each was taken by the desk: of namesakes the one that speaks most comes first."""
    said = Attribution.objects.filter(source__in=keys, annotation__state=Annotation.State.ACCEPTED)
    return Counter(dict(said.order_by().values_list("source").annotate(Count("pk"))))
