"""Who or what is meant by a name of somebody else's table: entities, sources and claims that readers meet.

An id is the address under which a page stands, by the code alone: `entities/k3f9x2ab`.

What goes by the very name is found by its key; for what is spelled otherwise each telling word is asked for,
all of them in one statement, and of its hits the first few are looked at. The score is the resemblance of
names, and of the properties that were asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from newsroom.models import Appearance, Claim, Entity, EntityAlias, EntityIdentifier, Review, Source
from newsroom.models.searchable import COLUMNS, SearchedQuerySet, entry_of, portions
from newsroom.text.codes import uuid_range
from newsroom.text.folding import fold
from newsroom.text.queries import Query, Term, parse
from newsroom.text.reconciling import Asked, Candidate, Value, Wanted, resemblance

from .annotated_article import may_be_named
from .ratings import Ratings

ENTITIES, SOURCES, CLAIMS = "entities", "sources", "claims"
ENTITY, SOURCE, CLAIM = "entity", "source", "claim"
#: Candidates where no limit is asked for, and what is likely enough to be one.
USUAL, LEAST = 5, 35.0
#: Words of a name that are asked for, and hits of each that are looked at.
MOST_WORDS, MOST_HITS = 4, 15
#: Rows that have a word, of which some may not be met: the first few, and where too few are met some more;
#: and words that one statement asks for.
LOOKED_AT, MOST_PARTS = (20, 60), 100
#: Of a score so much is the name's, where properties are asked for as well.
NAMES_SHARE = 0.7
#: A property that resembles less than this is another.
ALIKE = 80.0
SCHEMES = tuple(scheme.value for scheme in EntityIdentifier.Scheme if scheme.value != "other")


def kinds() -> dict[str, str]:
    """The names of all kinds by their id; any entity is one of `entity` as well."""
    return {
        ENTITY: _("Name or topic"),
        **{kind.value: str(kind.label) for kind in Entity.Kind},
        SOURCE: _("Source"),
        CLAIM: _("Claim"),
    }


def properties(kind: str = "") -> dict[str, str]:
    """The names of properties by their id: those of a kind, or all."""
    own: dict[str, dict[str, str]] = {
        ENTITY: {
            "alias": _("Also known as"),
            **{scheme: EntityIdentifier.Scheme(scheme).label for scheme in SCHEMES},
        },
        SOURCE: {"entity": _("Name or topic")},
        CLAIM: {
            "claimant": _("Claimed by"),
            "date": _("Date"),
            "rating": _("Rating"),
            "article": _("In the article"),
        },
    }
    common = {
        "name": _("Name"),
        "description": _("Description"),
        "kind": _("Kind"),
        "lang": _("Language"),
        "url": _("Address"),
    }
    room = kind if kind in own else ENTITY if kind in Entity.Kind.values else ""
    return common | (own[room] if room else own[ENTITY] | own[SOURCE] | own[CLAIM])


# Who is meant


def candidates(asked: Sequence[Asked], *, at: datetime, home: str) -> list[list[Candidate]]:
    """For each question the likeliest first, as many as it asks for.

    All questions of the same kinds are looked up together: the statements are as many as the rooms, and not
    as the names.
    """
    found: list[list[Candidate]] = [[] for _each in asked]
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, each in enumerate(asked):
        alike[tuple(each.kinds)].append(number)
    for wanted, numbers in alike.items():
        for room in (ENTITIES, SOURCES, CLAIMS):
            rows = _rows(room, wanted, at=at)
            if rows is None:
                continue
            near = _Near(room, rows, [name for number in numbers for name in asked[number].names], wanted)
            for number in numbers:
                found[number] += near.named_alike(asked[number])
                if room == ENTITIES:
                    found[number] += _numbered(
                        rows, [one for one in asked[number].wanted if one.property in SCHEMES]
                    )
    return [_likeliest(some, each, at=at, home=home) for some, each in zip(found, asked, strict=True)]


def _likeliest(found: list[Candidate], asked: Asked, *, at: datetime, home: str) -> list[Candidate]:
    best: dict[str, Candidate] = {}
    for each in sorted(found, key=lambda each: -each.score):
        best.setdefault(each.id, each)
    weighed = _weighed(list(best.values()), asked, at=at, home=home)
    likely = sorted(
        (each for each in weighed if each.score >= LEAST), key=lambda each: (-each.score, each.name, each.id)
    )
    likely = likely[: USUAL if asked.limit is None else asked.limit]
    return list(_decided(likely))


def _decided(likely: Sequence[Candidate]) -> Iterator[Candidate]:
    """Only one alone that goes by the very name is it, without a person who looks."""
    certain = [each for each in likely if each.score >= 100]
    for each in likely:
        yield replace(each, match=len(certain) == 1 and each is certain[0])


def _rows(room: str, wanted: Sequence[str], *, at: datetime) -> SearchedQuerySet | None:
    """What of a room may be meant; None if no such kind is."""
    if room == ENTITIES:
        met = Entity.objects.met(at=at)
        if not wanted or ENTITY in wanted:
            return met
        of_kind = [kind for kind in wanted if kind in Entity.Kind.values]
        return met.filter(kind__in=of_kind) if of_kind else None
    if wanted and (SOURCE if room == SOURCES else CLAIM) not in wanted:
        return None
    return Source.objects.met(at=at) if room == SOURCES else Claim.objects.public(at=at)


class _Near:
    """The rows of a room that may be called as one of these names is, in a few statements for all of them."""

    def __init__(
        self, room: str, rows: SearchedQuerySet, names: Sequence[str], wanted: Sequence[str]
    ) -> None:
        self.room, self.rows = room, rows
        #: Whether the index finds much that is of another kind.
        self.narrowed = room == ENTITIES and bool(wanted) and ENTITY not in wanted
        self.there: dict[int, Any] = {}
        self.keys: dict[str, list[int]] = {name: [] for name in names}
        if room != CLAIMS:
            self._by_the_very_name()
        terms = {name: telling(name)[:MOST_WORDS] for name in self.keys}
        hits = self._hits({term for some in terms.values() for term in some})
        beginnings = {term: start for term, keys in hits.items() if not keys and (start := _beginning(term))}
        begun = self._hits(set(beginnings.values()))
        for name, some in terms.items():
            for term in some:
                self.keys[name] += hits[term] or begun.get(beginnings.get(term, term), [])
        self._fetch(key for keys in self.keys.values() for key in keys)
        self.aliases: dict[int, list[str]] = defaultdict(list)
        if room == ENTITIES and self.there:
            known = EntityAlias.objects.filter(entity__in=list(self.there))
            for entity, alias in known.values_list("entity", "name"):
                self.aliases[entity].append(alias)

    def named_alike(self, asked: Asked) -> Iterator[Candidate]:
        """Of one question those that may be likely enough in the end."""
        names, least = asked.names, 0 if asked.wanted else LEAST
        for key in dict.fromkeys(key for name in names for key in self.keys[name]):
            row = self.there.get(key)
            if row is None:
                continue
            known = [_name_of(row), *self.aliases[key]]
            score = max(resemblance(name, other) for name in names for other in known)
            if score >= least:
                yield _candidate(self.room, row, score, (("name", score),))

    def _by_the_very_name(self) -> None:
        named: dict[str, list[str]] = defaultdict(list)
        for name in self.keys:
            named[fold(name)].append(name)
        most = MOST_HITS * len(named)
        found = list(self.rows.filter(sort_key__in=named).values_list("sort_key", "pk")[:most])
        if self.room == ENTITIES:
            # Who of them is met is seen when they are fetched.
            aliases = EntityAlias.objects.filter(sort_key__in=named)
            found += aliases.values_list("sort_key", "entity")[:most]
        for key, row in found:
            for name in named[key]:
                if len(self.keys[name]) < MOST_HITS:
                    self.keys[name].append(row)

    def _hits(self, terms: Collection[Term]) -> dict[Term, list[int]]:
        """Of each word the first rows of these that have it."""
        if self.narrowed:
            return {term: self._first(term) for term in terms}
        some, hits = list(terms), dict[Term, list[int]]()
        entries = entry_of(self.rows.model)
        # Where a name stands beside what is said of it, it is the name that is looked for.
        columns = COLUMNS[:1] if entries.weights > 1 else COLUMNS
        for most in LOOKED_AT:
            found: list[list[int]] = []
            for part in portions(some, MOST_PARTS):
                found += entries.first_with_each(part, most, columns=columns)
            self._fetch(key for keys in found for key in keys)
            for term, keys in zip(some, found, strict=True):
                shown = [key for key in keys if key in self.there][:MOST_HITS]
                # Else what readers do not meet stands before what they do, and there may be more of it.
                if len(shown) == MOST_HITS or len(keys) < most:
                    hits[term] = shown
            some = [term for term in some if term not in hits]
        return hits | {term: self._first(term) for term in some}

    def _first(self, term: Term) -> list[int]:
        return self.rows.search(Query(terms=(term,))).first_keys(MOST_HITS)

    def _fetch(self, keys: Iterable[int]) -> None:
        if missing := set(keys) - self.there.keys():
            self.there |= self.rows.in_bulk(missing)


def _beginning(term: Term) -> Term | None:
    """Of a word that stands nowhere the first half and more: it may be spelled otherwise at its end."""
    word = term.tokens[0]
    start = word[: max(3, len(word) * 2 // 3)]
    return Term((start,), (start,)) if len(start) < len(word) and word.isalpha() else None


def _numbered(rows: SearchedQuerySet, numbers: Sequence[Wanted]) -> Iterator[Candidate]:
    """Those whom another catalogue has under the same number."""
    for wanted in numbers:
        same = EntityIdentifier.objects.filter(
            scheme=wanted.property, value__in=[value.rpartition("/")[2] for value in wanted.values]
        )
        for row in rows.filter(pk__in=same.values("entity"))[:MOST_HITS]:
            yield _candidate(ENTITIES, row, 100, ((wanted.property, 100),))


def _weighed(found: list[Candidate], asked: Asked, *, at: datetime, home: str) -> Iterator[Candidate]:
    """With what they have of the properties that were asked for."""
    wanted = [each for each in asked.wanted if each.property not in SCHEMES]
    if not (wanted and found):
        yield from found
        return
    known = values([each.id for each in found], [each.property for each in wanted], at=at, home=home)
    for each in found:
        features = {
            one.property: max(
                (
                    100.0 if value.id and value.id == given else resemblance(value.words, given)
                    for value in known.get(each.id, {}).get(one.property, ())
                    for given in one.values
                ),
                default=0.0,
            )
            for one in wanted
        }
        if any(one.needed and features[one.property] < ALIKE for one in wanted):
            continue
        share = sum(features.values()) / len(features)
        score = NAMES_SHARE * each.score + (1 - NAMES_SHARE) * share
        yield replace(each, score=score, features=(*each.features, *features.items()))


def suggested(prefix: str, *, kind: str, at: datetime) -> list[Candidate]:
    """What begins with, or holds, what somebody is typing."""
    found = []
    for room in (ENTITIES, SOURCES, CLAIMS):
        rows = _rows(room, (kind,) if kind else (), at=at)
        if rows is not None and prefix.strip():
            keys = rows.search(prefix, as_you_type=True).first_keys(MOST_HITS)
            by_key = rows.in_bulk(keys)
            found += [_candidate(room, by_key[key], 0) for key in keys if key in by_key]
    return sorted(found, key=lambda each: not fold(each.name).startswith(fold(prefix)))[:MOST_HITS]


def _candidate(room: str, row: Any, score: float, features: tuple[tuple[str, float], ...] = ()) -> Candidate:
    return Candidate(
        id=f"{room}/{row.code}",
        name=_name_of(row),
        lang=row.lang,
        description=row.date_in_words if room == CLAIMS else row.description,
        kind=row.kind if room == ENTITIES else SOURCE if room == SOURCES else CLAIM,
        score=score,
        match=False,
        features=features,
    )


def _name_of(row: Entity | Source | Claim) -> str:
    return row.text if isinstance(row, Claim) else row.name


# What is known of them


def values(
    ids: Iterable[str], wanted: Sequence[str], *, at: datetime, home: str
) -> dict[str, dict[str, list[Value]]]:
    """Of each id that leads to somebody whom readers meet, the values of the properties; of others nothing.

    The queries are as many as the kinds and properties, whatever the number of ids.
    """
    ids = list(ids)
    known: dict[str, dict[str, list[Value]]] = {id: {} for id in ids}
    for room in (ENTITIES, SOURCES, CLAIMS):
        bounds = [
            uuid_range(code)
            for name, _slash, code in (id.partition("/") for id in ids)
            if name == room and uuid_range(code)
        ]
        rows = _rows(room, (), at=at)
        if not bounds or rows is None:
            continue
        for row, found in _values(room, list(rows.filter(reduce(or_, _ranges(bounds)))), wanted, at, home):
            known[f"{room}/{row.code}"] = {name: list(some) for name, some in found.items() if name in wanted}
    return known


def _ranges(bounds: Iterable[Any]) -> Iterator[Q]:
    for bound in bounds:
        yield Q(uuid__range=bound)


def _values(
    room: str, rows: list[Any], wanted: Sequence[str], at: datetime, home: str
) -> Iterator[tuple[Any, Mapping[str, Sequence[Value]]]]:
    more = {ENTITIES: _of_entities, SOURCES: _of_sources, CLAIMS: _of_claims}[room](rows, wanted, at)
    for row in rows:
        yield (
            row,
            {
                "name": [Value(_name_of(row), row.lang)],
                "description": [Value(row.description, row.lang)] if getattr(row, "description", "") else [],
                "kind": [Value(str(row.get_kind_display()))],
                "lang": [Value(row.lang)],
                "url": [Value(home + row.get_absolute_url())],
                **more[row.pk],
            },
        )


Known = dict[int, dict[str, list[Value]]]


def _of_entities(rows: list[Entity], wanted: Sequence[str], at: datetime) -> Known:
    known: Known = defaultdict(lambda: defaultdict(list))
    if "alias" in wanted:
        for alias in EntityAlias.objects.filter(entity__in=rows):
            known[alias.entity_id]["alias"].append(Value(alias.name, alias.lang))
    if set(SCHEMES) & set(wanted):
        for number in EntityIdentifier.objects.filter(entity__in=rows).order_by("scheme", "value"):
            known[number.entity_id][number.scheme].append(Value(number.value))
    return known


def _of_sources(rows: list[Source], wanted: Sequence[str], at: datetime) -> Known:
    known: Known = defaultdict(dict)
    if "entity" in wanted:
        met = Entity.objects.met(at=at).in_bulk({row.entity_id for row in rows if row.entity_id})
        for row in rows:
            if entity := met.get(row.entity_id):
                known[row.pk]["entity"] = [Value(entity.name, entity.lang, f"{ENTITIES}/{entity.code}")]
    return known


def _of_claims(rows: list[Claim], wanted: Sequence[str], at: datetime) -> Known:
    known: Known = defaultdict(dict)
    for row in rows:
        known[row.pk]["date"] = [Value(row.date)] if row.date else []
    if "claimant" in wanted:
        claimants = Source.objects.in_bulk({row.claimant_id for row in rows if row.claimant_id})
        for row in rows:
            claimant = claimants.get(row.claimant_id)
            if claimant is not None and may_be_named(claimant):
                id = f"{SOURCES}/{claimant.code}" if claimant.has_page else ""
                known[row.pk]["claimant"] = [Value(claimant.name, claimant.lang, id)]
    if "rating" in wanted:
        ratings = Ratings.load()
        for key, review in ratings.current_of(row.pk for row in rows).items():
            # Neither what nobody has rated nor what is to be rated again.
            if isinstance(review, Review) and review.state == Review.State.PUBLISHED:
                known[key]["rating"] = [Value(ratings.badge(review).label)]
    if "article" in wanted:
        standing = Appearance.objects.public(at=at).filter(claim__in=rows).order_by("pk")
        for claim, headline, lang in standing.values_list(
            "claim", "annotation__article__headline", "annotation__article__lang"
        ):
            some = known[claim].setdefault("article", [])
            if Value(headline, lang) not in some and len(some) < MOST_HITS:
                some.append(Value(headline, lang))
    return known


def telling(text: str) -> list[Term]:
    """Its words, numbers and long words first: names and things rather than what joins them."""
    terms = parse(text.replace("-", " ").replace('"', " ")).terms
    by_weight = sorted(terms, key=lambda term: (not term.tokens[0][:1].isdigit(), -len(term.tokens[0])))
    return by_weight[:MOST_WORDS]
