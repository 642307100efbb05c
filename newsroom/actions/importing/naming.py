"""Whom and what imported tags name: the rows that are here, by UUID, then by name and kind; else new ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from simple_history.utils import bulk_create_with_history

from newsroom.actions.deeds import record_all
from newsroom.actions.refusals import require
from newsroom.models import Claim, Entity, EntityIdentifier, Source, User
from newsroom.models.searchable import portions
from newsroom.text.annotated import CLAIM, MENTION, AnnotatedText, Tag
from newsroom.text.folding import fold

#: What other programs call the kinds of entities, in small letters.
_KINDS = {
    "per": "person", "pers": "person", "people": "person", "org": "organisation",
    "organization": "organisation", "loc": "place", "location": "place", "gpe": "place",
    "work_of_art": "work",
}  # fmt: skip
_LONGEST_NAME = 300
_ENTITY_KINDS, _SOURCE_KINDS, _CLAIM_KINDS = (
    frozenset(model.Kind.values) for model in (Entity, Source, Claim)
)
#: The names of a text come again and again.
_folded = lru_cache(maxsize=10_000)(fold)

Key = tuple[str, ...]


class NewName(NamedTuple):
    """A row that was made: `claim`, `entity` or `source`, what it is called, and its own kind."""

    of: str
    name: str
    kind: str


class Names:
    """The claims, entities and sources of one import, by what tags call them."""

    def __init__(self, *, by: User, at: datetime) -> None:
        self.by, self.at = by, at
        self.made: Counter[str] = Counter()
        self.new: list[NewName] = []
        self.new_keys: dict[str, set[int]] = {"entity": set(), "source": set(), "claim": set()}
        #: The keys of all rows that tags were given, by kind.
        self.given: dict[str, set[int]] = {"entity": set(), "source": set(), "claim": set()}
        #: By UUID, and by name and kind: the key of the row.
        self.entities: dict[Key, int] = {}
        self.sources: dict[Key, int] = {}
        self.claims: dict[Key, int] = {}

    @property
    def known(self) -> dict[str, set[int]]:
        """The keys of the rows that tags were given and that were here before, by kind."""
        return {kind: keys - self.new_keys[kind] for kind, keys in self.given.items()}

    def learn(self, texts: Sequence[AnnotatedText]) -> None:
        """Finds or makes all that these name, in as many queries whatever their number."""
        self._learn_sources(texts)
        self._learn_entities(texts)
        self._learn_claims(texts)

    def entity(self, tag: Tag, text: AnnotatedText) -> int | None:
        """None stands for what has no entity of its own."""
        if "name" not in tag.known and tag.known.get("form") == "coreference":
            return None
        return self._given("entity", _found(self.entities, _entity_keys(tag, text)))

    def source(self, tag: Tag) -> int | None:
        if not tag.known.get("name"):
            return None
        return self._given("source", _found(self.sources, _source_keys(tag.known)))

    def claim(self, tag: Tag, text: AnnotatedText) -> int:
        key = _found(self.claims, _claim_keys(tag, text))
        assert key is not None  # learnt before
        self.given["claim"].add(key)
        return key

    def _given(self, kind: str, key: int | None) -> int | None:
        if key is not None:
            self.given[kind].add(key)
        return key

    def claim_called(self, uuid: str) -> int | None:
        return self.claims.get((uuid,))

    # Entities

    def _learn_entities(self, texts: Sequence[AnnotatedText]) -> None:
        wanted: dict[Key, tuple[Tag, AnnotatedText]] = {}
        for text, tag in _tags(texts, MENTION):
            if "name" in tag.known or tag.known.get("form") != "coreference":
                keys = _entity_keys(tag, text)
                if _found(self.entities, keys) is None:
                    wanted.setdefault(keys[0], (tag, text))
        if not wanted:
            return
        uuids = list(filter(None, (_uuid(tag.known.get("entity")) for tag, _text in wanted.values())))
        for some in portions(uuids):
            for row in Entity.objects.filter(uuid__in=some).select_related("merged_into"):
                stays = row.standing()
                if stays.withdrawn_at is None:
                    self.entities[str(row.uuid),] = stays.pk
        names = sorted({_folded(_name(tag, text)) for tag, text in wanted.values()})
        for some in portions(names):
            rows = Entity.objects.standing().filter(sort_key__in=some).order_by("-pk")
            for key, sort_key, kind in rows.values_list("pk", "sort_key", "kind"):
                self.entities[sort_key, kind] = key
        taken = _taken(Entity, uuids)
        made: dict[Key, Entity] = {}
        identifiers: list[tuple[Entity, str]] = []
        for tag, text in wanted.values():
            keys = _entity_keys(tag, text)
            if _found(self.entities, keys) is None and not any(key in made for key in keys):
                name = _name(tag, text)
                row = Entity(
                    uuid=_free(tag.known.get("entity"), taken),
                    kind=_entity_kind(tag),
                    name=name,
                    sort_key=_folded(name)[:_LONGEST_NAME],
                    lang=text.lang or "it",
                )
                made |= dict.fromkeys(keys, row)
                if page := tag.known.get("same_as"):
                    identifiers.append((row, page))
        self._make(Entity, made, self.entities, "entity.add", ("name", "kind"))
        EntityIdentifier.objects.bulk_create(_identifiers(identifiers))

    # Sources

    def _learn_sources(self, texts: Sequence[AnnotatedText]) -> None:
        wanted: dict[Key, Mapping[str, str]] = {}
        for text in texts:
            for tag in text.tags:
                for known in _speaking(tag):
                    keys = _source_keys(known)
                    if _found(self.sources, keys) is None:
                        wanted.setdefault(keys[0], known)
        if not wanted:
            return
        uuids = list(filter(None, (_uuid(known.get("source")) for known in wanted.values())))
        standing = Source.objects.filter(withdrawn_at=None)
        for some in portions(uuids):
            for uuid, key in standing.filter(uuid__in=some).values_list("uuid", "pk"):
                self.sources[str(uuid),] = key
        names = sorted({_folded(known["name"]) for known in wanted.values()})
        for some in portions(names):
            rows = standing.filter(sort_key__in=some).order_by("-pk")
            for key, sort_key, kind in rows.values_list("pk", "sort_key", "kind"):
                self.sources[sort_key, kind] = key
        taken = _taken(Source, uuids)
        made: dict[Key, Source] = {}
        for known in wanted.values():
            keys = _source_keys(known)
            if _found(self.sources, keys) is None and not any(key in made for key in keys):
                name = known["name"][:_LONGEST_NAME]
                row = Source(
                    uuid=_free(known.get("source"), taken),
                    kind=_source_kind(known),
                    name=name,
                    sort_key=_folded(name)[:_LONGEST_NAME],
                )
                made |= dict.fromkeys(keys, row)
        self._make(Source, made, self.sources, "source.add", ("name", "kind"))

    # Claims

    def _learn_claims(self, texts: Sequence[AnnotatedText]) -> None:
        wanted: dict[Key, tuple[Tag, AnnotatedText]] = {}
        for text, tag in _tags(texts, CLAIM):
            keys = _claim_keys(tag, text)
            if _found(self.claims, keys) is None:
                wanted.setdefault(keys[0], (tag, text))
        said = {tag.known["claim"] for text in texts for tag in text.tags if "claim" in tag.known}
        uuids = list(filter(None, map(_uuid, said)))
        standing = Claim.objects.filter(withdrawn_at=None)
        for some in portions(uuids):
            for uuid, key in standing.filter(uuid__in=some).values_list("uuid", "pk"):
                self.claims[str(uuid),] = key
        open_ones = [entry for entry in wanted.values() if _found(self.claims, _claim_keys(*entry)) is None]
        wordings = sorted({_wording(*entry) for entry in open_ones})
        for some in portions(wordings):
            for key, wording, lang in (
                standing.filter(text__in=some).order_by("-pk").values_list("pk", "text", "lang")
            ):
                self.claims[wording, lang] = key
        taken = _taken(Claim, uuids)
        made: dict[Key, Claim] = {}
        for tag, text in open_ones:
            keys = _claim_keys(tag, text)
            if _found(self.claims, keys) is None and not any(key in made for key in keys):
                kind = tag.known.get("claim_kind", "")
                row = Claim(
                    uuid=_free(tag.known.get("claim"), taken),
                    text=_wording(tag, text),
                    lang=_lang(tag, text),
                    kind=kind if kind in _CLAIM_KINDS else Claim.Kind.FACT,
                    claimant_id=next(
                        (_found(self.sources, _source_keys(known)) for known in _speaking(tag)), None
                    ),
                )
                made |= dict.fromkeys(keys, row)
        self._make(Claim, made, self.claims, "claim.add", ("text", "kind"))

    def _make(
        self, model: Any, made: Mapping[Key, Any], known: dict[Key, int], verb: str, told: Sequence[str]
    ) -> None:
        """The rows with their history and their records."""
        rows = list({row.uuid: row for row in made.values()}.values())
        if not rows:
            return
        require(self.by, f"add_{model._meta.model_name}")
        bulk_create_with_history(rows, model, batch_size=500, default_user=self.by, default_date=self.at)
        # A database that does not answer a bulk insert with keys is asked for them.
        if rows[0].pk is None:
            keys = dict(model.objects.filter(uuid__in=[row.uuid for row in rows]).values_list("uuid", "pk"))
            for row in rows:
                row.pk = keys[row.uuid]
        for key, row in made.items():
            known[key] = row.pk
            known[str(row.uuid),] = row.pk
        record_all(
            [verb] * len(rows),
            rows,
            by=self.by,
            at=self.at,
            article=None,
            after=[{name: getattr(row, name) for name in told} for row in rows],
        )
        self.made[model._meta.model_name] += len(rows)
        kind = model._meta.model_name
        self.new += [NewName(kind, str(row), "" if model is Claim else row.kind) for row in rows]
        self.new_keys[kind].update(row.pk for row in rows)


def _tags(texts: Iterable[AnnotatedText], kind: str) -> Iterator[tuple[AnnotatedText, Tag]]:
    for text in texts:
        for tag in text.tags:
            if tag[1] == kind:
                yield text, tag


def _found(known: Mapping[Key, int], keys: Iterable[Key]) -> int | None:
    return next((known[key] for key in keys if key in known), None)


@lru_cache(maxsize=10_000)
def _uuid(given: str | None) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        return None


def _taken(model: Any, uuids: Sequence[UUID]) -> set[UUID]:
    """Those that rows have which do not stand any more: a new one needs another."""
    return {
        uuid
        for some in portions(uuids)
        for uuid in model.objects.filter(uuid__in=some).values_list("uuid", flat=True)
    }


def _free(given: str | None, taken: set[UUID]) -> UUID:
    uuid = _uuid(given)
    if uuid is None or uuid in taken:
        uuid = uuid4()
    taken.add(uuid)
    return uuid


def _words(tag: Tag, text: AnnotatedText) -> str:
    if len(tag.parts) == 1:
        start, end, _role = tag.parts[0]
        return " ".join(text.text[start:end].split())
    return " ".join(
        " ".join(text.text[part.start : part.end].split()) for part in tag.parts if part.role == "content"
    ) or " ".join(text.text[tag.start : tag.end].split())


def _name(tag: Tag, text: AnnotatedText) -> str:
    return (tag.known.get("name") or _words(tag, text))[:_LONGEST_NAME]


def _entity_kind(tag: Tag) -> str:
    kind = tag.known.get("entity_kind", "")
    if kind in _ENTITY_KINDS:
        return kind
    label = tag.known.get("label", "").lower()
    label = _KINDS.get(label, label)
    return label if label in _ENTITY_KINDS else str(Entity.Kind.CONCEPT)


def _entity_keys(tag: Tag, text: AnnotatedText) -> tuple[Key, ...]:
    named: Key = (_folded(_name(tag, text)), _entity_kind(tag))
    uuid = _uuid(tag.known.get("entity"))
    return ((str(uuid),), named) if uuid else (named,)


def _speaking(tag: Tag) -> Iterator[Mapping[str, str]]:
    """What is known of whoever a tag says to speak."""
    if tag[1] == CLAIM:
        if name := tag.known.get("claimant"):
            yield {"name": name}
    elif tag[1] != MENTION and tag.known.get("name"):
        yield tag.known


def _source_kind(known: Mapping[str, str]) -> str:
    kind = known.get("source_kind", "")
    return kind if kind in _SOURCE_KINDS else str(Source.Kind.PERSON)


def _source_keys(known: Mapping[str, str]) -> tuple[Key, ...]:
    """A claimant has a name and no kind: then any of this name is meant, a person last."""
    name = _folded(known["name"])
    kinds = (
        [_source_kind(known)]
        if "source_kind" in known
        else sorted(Source.Kind.values, key=lambda kind: kind == Source.Kind.PERSON)
    )
    named = tuple((name, kind) for kind in kinds)
    uuid = _uuid(known.get("source"))
    return ((str(uuid),), *named) if uuid else named


def _wording(tag: Tag, text: AnnotatedText) -> str:
    return tag.known.get("text") or _words(tag, text)


def _lang(tag: Tag, text: AnnotatedText) -> str:
    return tag.known.get("lang") or text.lang or "it"


def _claim_keys(tag: Tag, text: AnnotatedText) -> tuple[Key, ...]:
    named: Key = (_wording(tag, text), _lang(tag, text))
    uuid = _uuid(tag.known.get("claim"))
    return ((str(uuid),), named) if uuid else (named,)


def _identifiers(pages: Iterable[tuple[Entity, str]]) -> Iterator[EntityIdentifier]:
    """What the addresses of catalogues say, as numbers in them where the catalogue is known."""
    for entity, page in pages:
        for scheme, pattern in EntityIdentifier.PAGES.items():
            before, after = pattern.split("{}")
            if (
                before
                and page.startswith(before)
                and page.endswith(after)
                and len(page) > len(before + after)
            ):
                value = page[len(before) : len(page) - len(after)]
                yield EntityIdentifier(entity=entity, scheme=scheme, value=value[:500])
                break
        else:
            if page.startswith(("https://", "http://")) and len(page) <= 500:
                other = EntityIdentifier.Scheme.OTHER
                yield EntityIdentifier(entity=entity, scheme=other, value=page)
