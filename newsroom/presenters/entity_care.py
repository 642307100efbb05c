"""Entities at the desk: found, compared, merged and parted, protected; each with what would move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from newsroom.models import Deed, Entity, EntityAlias, EntityIdentifier, Mention, Source, Target
from newsroom.text.sentences import sentence_around

from .desk import Filter

ENTITIES_A_PAGE, MENTIONS_A_PAGE, MENTIONS_IN_SHORT, MOST_FOUND = 30, 30, 5, 12
STATES = {
    "duplicates": gettext_lazy("Perhaps the same"),
    "protected": pgettext_lazy("entities", "Protected"),
    "merged": pgettext_lazy("entities", "Merged"),
}


@dataclass(frozen=True, slots=True)
class Twin:
    """Another entity that may be the same, and what says so."""

    entity: Entity
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntityLine:
    entity: Entity
    mentions: int
    aliases: tuple[str, ...]
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class EntitiesPage:
    filters: tuple[Filter, ...]
    state: str
    words: str
    page: Page
    lines: tuple[EntityLine, ...]


@dataclass(frozen=True, slots=True)
class MentionLine:
    """A place that names it, in its sentence; `before` and `after` are empty where the words lost it."""

    code: str
    words: str
    before: str
    after: str
    lang: str
    form_label: str
    article_title: str


@dataclass(frozen=True, slots=True)
class EntityCare:
    entity: Entity
    aliases: tuple[EntityAlias, ...]
    identifiers: tuple[EntityIdentifier, ...]
    sources: tuple[Source, ...]
    mentions: tuple[MentionLine, ...]
    page: Page
    #: Those that were found to be the same as this one.
    merged: tuple[Entity, ...]
    twins: tuple[Twin, ...]


@dataclass(frozen=True, slots=True)
class Merging:
    """What would become of two entities, or of one and those that it could be merged into."""

    entity: Entity
    words: str
    found: tuple[EntityLine, ...]
    into: Entity | None = None
    aliases: tuple[str, ...] = ()
    identifiers: tuple[EntityIdentifier, ...] = ()
    sources: tuple[Source, ...] = ()
    mentions: int = 0
    first_mentions: tuple[MentionLine, ...] = ()
    takes_over: bool = False


def entities_page(query: Mapping[str, str]) -> EntitiesPage:
    """`query` may have `state`, `q` and `page`; nonsense filters nothing."""
    state = query.get("state", "") if query.get("state") in STATES else ""
    words = query.get("q", "").strip()[:200]
    entities = Entity.objects.all()
    match state:
        case "duplicates":
            entities = entities.sharing()
        case "protected":
            entities = entities.standing().exclude(privacy="")
        case "merged":
            entities = entities.exclude(merged_into=None)
        case _:
            entities = entities.standing()
    entities = entities.search(words, as_you_type=True) if words else entities.order_by("sort_key", "pk")
    page = Paginator(entities.select_related("merged_into"), ENTITIES_A_PAGE).get_page(query.get("page", "1"))
    rows = list(page.object_list)
    return EntitiesPage(
        filters=tuple(_filters(state, words)),
        state=state,
        words=words,
        page=page,
        lines=tuple(_lines(rows, twins=_twins(rows) if state == "duplicates" else {})),
    )


def _filters(state: str, words: str) -> Iterable[Filter]:
    for name, label in {"": gettext_lazy("All"), **STATES}.items():
        said = urlencode({key: value for key, value in (("state", name), ("q", words)) if value})
        yield Filter(str(label), f"?{said}", name == state)


def _lines(entities: list[Entity], *, twins: Mapping[int, tuple[Twin, ...]]) -> Iterable[EntityLine]:
    counted = Mention.objects.filter(entity__in=entities).order_by().values_list("entity")
    numbers = dict(counted.annotate(Count("pk")))
    aliases: dict[int, list[str]] = defaultdict(list)
    for alias in EntityAlias.objects.filter(entity__in=entities).exclude(name=F("entity__name")):
        aliases[alias.entity_id].append(alias.name)
    for entity in entities:
        yield EntityLine(
            entity, numbers.get(entity.pk, 0), tuple(aliases[entity.pk]), tuple(twins.get(entity.pk, ()))
        )


def _twins(entities: list[Entity], *, both_ways: bool = False) -> dict[int, tuple[Twin, ...]]:
    """Who shares a name, an alias or a number with each of these: those that came later, or all of them."""
    keys: dict[str, set[int]] = defaultdict(set)
    numbers: dict[tuple[str, str], set[int]] = defaultdict(set)
    for entity in entities:
        keys[entity.sort_key].add(entity.pk)
    for owner, key in EntityAlias.objects.filter(entity__in=entities).values_list("entity", "sort_key"):
        keys[key].add(owner)
    for owner, scheme, value in EntityIdentifier.objects.filter(entity__in=entities).values_list(
        "entity", "scheme", "value"
    ):
        numbers[scheme, value].add(owner)

    shared: dict[tuple[int, int], dict[str, None]] = defaultdict(dict)

    def share(owners: set[int], other: int, what: str) -> None:
        for owner in owners:
            if other > owner or (both_ways and other != owner):
                shared[owner, other].setdefault(what)

    standing = {"entity__merged_into": None, "entity__withdrawn_at": None}
    for other in Entity.objects.standing().filter(sort_key__in=keys):
        share(keys[other.sort_key], other.pk, f"«{other.name}»")
    for alias in EntityAlias.objects.filter(sort_key__in=keys, **standing):
        share(keys[alias.sort_key], alias.entity_id, f"«{alias.name}»")
    values = {value for _scheme, value in numbers}
    for number in EntityIdentifier.objects.filter(value__in=values, **standing):
        share(numbers.get((number.scheme, number.value), set()), number.entity_id, str(number))
    others = Entity.objects.in_bulk({other for _owner, other in shared})
    found: dict[int, list[Twin]] = defaultdict(list)
    for (owner, other), what in shared.items():
        found[owner].append(Twin(others[other], tuple(what)))
    return {owner: tuple(twins) for owner, twins in found.items()}


def entity_care(entity: Entity, *, number: str = "1") -> EntityCare:
    """Everything that the desk knows of it; a page number that is none shows the first page."""
    page = Paginator(_mentions_of(entity), MENTIONS_A_PAGE).get_page(number)
    standing = entity.merged_into_id is None
    return EntityCare(
        entity=entity,
        aliases=tuple(entity.aliases.all()),
        identifiers=tuple(entity.identifiers.order_by("scheme", "value")),
        sources=tuple(entity.sources.all()),
        mentions=tuple(_in_context(list(page.object_list))),
        page=page,
        merged=tuple(entity.merged.select_related("merge__actor").order_by("sort_key")),
        twins=_twins([entity], both_ways=True).get(entity.pk, ()) if standing else (),
    )


def merging(entity: Entity, into: Entity | None, *, words: str = "") -> Merging:
    """What would move; without the other one, those that are called by these words."""
    if into is None:
        words = words.strip()[:200]
        found = Entity.objects.standing().exclude(pk=entity.pk)
        rows = list(found.search(words, as_you_type=True)[:MOST_FOUND]) if words else []
        twins = [twin.entity for twin in _twins([entity], both_ways=True).get(entity.pk, ())]
        rows = list({row.pk: row for row in [*rows, *([] if words else twins)]}.values())
        return Merging(entity, words, tuple(_lines(rows, twins={})))
    known = set(into.aliases.values_list("name", flat=True)) | {into.name}
    names = [entity.name, *entity.aliases.values_list("name", flat=True)]
    numbers = set(into.identifiers.values_list("scheme", "value"))
    mentions = _mentions_of(entity).exclude(annotation__mentions__entity=into)
    return Merging(
        entity,
        words,
        (),
        into=into,
        aliases=tuple(dict.fromkeys(name for name in names if name not in known)),
        identifiers=tuple(one for one in entity.identifiers.all() if (one.scheme, one.value) not in numbers),
        sources=tuple(entity.sources.all()),
        mentions=mentions.count(),
        first_mentions=tuple(_in_context(list(mentions[:MENTIONS_IN_SHORT]))),
        takes_over=bool(entity.privacy and not into.privacy),
    )


def _mentions_of(entity: Entity):
    return (
        Mention.objects.filter(entity=entity)
        .filter(~Q(annotation__state__in=["rejected", "withdrawn"]))
        .select_related("annotation__article")
        .order_by("-annotation__article__published_at", "annotation__article", "annotation")
    )


def _in_context(mentions: list[Mention]) -> Iterable[MentionLine]:
    targets = (
        Target.objects.current()
        .filter(annotation__in=[mention.annotation_id for mention in mentions], role=Target.Role.CONTENT)
        .select_related("revision")
        .defer("revision__html", "revision__blocks", "candidates")
        .order_by("-ordinal")
    )
    first = {target.annotation_id: target for target in targets}
    for mention in mentions:
        target, article = first.get(mention.annotation_id), mention.annotation.article
        before = after = ""
        if target is not None and target.start is not None:
            text = target.revision.text
            begin, end = sentence_around(text, target.start, target.end)
            before, after = text[begin : target.start], text[target.end : end]
        yield MentionLine(
            code=mention.code,
            words=target.exact if target else _("(no longer in the text)"),
            before=before,
            after=after,
            lang=article.lang,
            form_label=mention.get_form_display(),
            article_title=article.headline,
        )


def merged_when(entity: Entity) -> tuple[str, datetime] | None:
    """Who merged it, and when; None if it is one of its own."""
    deed: Deed | None = entity.merge
    return (str(deed.actor), deed.at) if deed else None
