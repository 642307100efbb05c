"""Every name that the newsroom knows, ready to be found in a text; made once, and again when a name changes.

To make it takes a while where there are tens of thousands of names; to read them, a small part of that. So
they are read each time, and what was made of the very same is taken again: every process knows at once what
was changed in another, and nothing has to be told.

Where several go by one name, the words that stood near each of them in accepted mentions tell them apart.
They are counted when the names are made, and again after ten minutes, from the newest mentions alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic

from newsroom.models import Annotation, Entity, EntityAlias, Mention, Revision, Target
from newsroom.text.folding import fold
from newsroom.text.mentions import Aliases, Named, context_words

#: Mentions of namesakes that are read, the newest; texts that they stand in; seconds for which it holds.
MOST_MENTIONS, MOST_TEXTS, KEPT = 2000, 100, 600

#: Key, kind, name, description, aliases.
_Row = tuple[int, str, str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: int
    since: float
    aliases: Aliases


_kept: dict[str, _Kept] = {}


def known_names() -> Aliases:
    """Two queries where nothing changed."""
    database = Entity.objects.db
    rows = _rows()
    stamp = hash(rows)
    kept = _kept.get(database)
    if kept is None or kept.rows != stamp or monotonic() - kept.since > KEPT:
        kept = _kept[database] = _Kept(stamp, monotonic(), Aliases(_named(rows)))
    return kept.aliases


def _rows() -> tuple[_Row, ...]:
    aliases: dict[int, list[str]] = defaultdict(list)
    for key, name in EntityAlias.objects.order_by("pk").values_list("entity", "name"):
        aliases[key].append(name)
    standing = Entity.objects.standing().order_by("pk").values_list("pk", "kind", "name", "description")
    return tuple((key, kind, name, said, tuple(aliases.get(key, ()))) for key, kind, name, said in standing)


def _named(rows: Iterable[_Row]) -> list[Named]:
    rows = list(rows)
    namesakes = _namesakes(rows)
    contexts, times = _contexts(namesakes)
    return [
        Named(
            str(key),
            kind,
            (name, *aliases),
            context=contexts.get(key, {}),
            times=times[key],
            description=said if key in namesakes else "",
        )
        for key, kind, name, said, aliases in rows
    ]


def _namesakes(rows: Iterable[_Row]) -> set[int]:
    """Those that share a name with another one."""
    called: dict[str, set[int]] = defaultdict(set)
    for key, _kind, name, _said, aliases in rows:
        for alias in (name, *aliases):
            called[fold(alias)].add(key)
    return {key for keys in called.values() if len(keys) > 1 for key in keys}


def _contexts(namesakes: set[int]) -> tuple[dict[int, Counter[str]], Counter[int]]:
    """The words near accepted mentions of each, as counts, and how many mentions that were."""
    contexts: dict[int, Counter[str]] = defaultdict(Counter)
    times: Counter[int] = Counter()
    if not namesakes:
        return contexts, times
    accepted = Mention.objects.filter(
        annotation__state=Annotation.State.ACCEPTED, entity__in=namesakes
    ).order_by("-pk")
    entities = dict(accepted.values_list("annotation", "entity")[:MOST_MENTIONS])
    targets = Target.objects.current().placed().filter(annotation__in=entities, role=Target.Role.CONTENT)
    places: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for annotation, revision, start, end in targets.values_list("annotation", "revision", "start", "end"):
        places[revision].append((entities[annotation], start, end))
    newest = sorted(places, reverse=True)[:MOST_TEXTS]
    for revision, text in Revision.objects.filter(pk__in=newest).values_list("pk", "text"):
        for entity, start, end in places[revision]:
            contexts[entity].update(context_words(text, start, end))
            times[entity] += 1
    return contexts, times
