"""What an erasure changes, place by place: asked by the preview, done by the deed.

Three steps, in this order, since the later ones repeat what the earlier ones made: the texts of articles,
with all that hangs on their offsets; files, whose hashes stand in rows; then every column of every model.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.db.models import F, FileField, Func, Q, Value
from django.db.models.functions import Cast, Concat

from newsroom.models import Article, Deed, FlagTarget, Picture, Review, Revision, Target
from newsroom.models.searchable import portions
from newsroom.text import document as documents
from newsroom.text.document import Document
from newsroom.text.redaction import (
    HIDDEN_BY,
    Moves,
    Wanted,
    composed,
    redacted,
    redacted_data,
    redacted_document,
)
from newsroom.text.selectors import describe, joined

from .columns import ADDRESSES, IN_FORCE, models_with_files, models_with_words, without
from .files import Seen, blotted, gone, look_into

#: Rows that are looked at together, and numbers that are tried where a value must be there once.
_ROWS, _MOST_ALIKE = 500, 1000
#: Strings that became others by which rows are looked for, at most.
_MOST_NAMED = 200

_ATTRIBUTE = re.compile(r'="([^"]*)"')

#: How a row is told from all others.
_Where = tuple[type[models.Model], Any]


@dataclass(slots=True)
class Change:
    """New values of one row, or a row or file that goes; `shown` is what it said, by field.

    A file to which no row refers has no model, and its name for a key.
    """

    model: type[models.Model] | None
    pk: Any
    values: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    #: New content for the file of this field, under the name in `values`.
    content: bytes | None = None
    #: Files that go once all is done.
    gone: tuple[str, ...] = ()
    #: The file cannot be rewritten: nothing of it stays.
    as_a_whole: bool = False
    deletes: bool = False

    @property
    def kind(self) -> str:
        return self.model._meta.model_name if self.model else "file"


@dataclass(frozen=True, slots=True)
class Unseen:
    """A file that no program looks into, or not everywhere; without a model if no row refers to it."""

    model: type[models.Model] | None
    pk: Any
    name: str
    #: Of what is in it: by this a person marks it to go with the words.
    sha256: str


class Hides(Func):
    """Whether one of these characters stands in a text: asked of each row once, so the database does it."""

    output_field = models.BooleanField()

    def __init__(self, text: Any, characters: str) -> None:
        super().__init__(text)
        self.characters = characters

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        return f"({sql} GLOB %s)", [*parameters, f"*[{self.characters}]*"]

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        escaped = self.characters.replace("\\", "\\\\")
        return f"({sql} ~ %s)", [*parameters, f"[{escaped}]"]


class Changes:
    """All changes that an erasure makes, computed row by row as they are asked for.

    `marked` has the hashes of files that somebody looked at: they go with the words, whatever they are.
    """

    def __init__(self, wanted: Wanted, marked: Container[str] = frozenset()) -> None:
        self.wanted = wanted
        self.marked = marked
        #: Known once the files have been gone through.
        self.unseen: list[Unseen] = []
        #: Whole strings that became others: hashes of texts and files, words that were judged.
        self._became: dict[str, str] = {}
        #: Fields that an earlier step has seen to.
        self._done: dict[_Where, set[str]] = {}

    # Texts

    def of_article(self, article: int) -> Iterator[Change]:
        """The texts of an article, and everything that knows offsets, words or hashes of them."""
        moves: dict[int, Moves] = {}
        for revision in Revision.objects.filter(article=article).order_by("number"):
            if not self._may_tell(revision.html, revision.text):
                continue
            before = Document.from_data(revision.text, revision.blocks)
            after, moved = redacted_document(before, self.wanted)
            html = documents.write(after)
            if after == before and html == revision.html:
                continue
            sha256 = hashlib.sha256(after.text.encode()).hexdigest()
            self._became[revision.sha256] = sha256
            moves[revision.number] = moved
            yield self._seen(
                Revision,
                revision.pk,
                {"html": html, "text": after.text, "blocks": after.to_data(), "sha256": sha256},
                {"text": revision.text if after.text != revision.text else revision.html},
            )
            yield from self._targets(revision, after.text, moved)
        if moves:
            yield from self._lost(article)
            yield from self._deeds(article, moves)

    def _targets(self, revision: Revision, text: str, moves: Moves) -> Iterator[Change]:
        judged: dict[int, list[tuple[str, str]]] = {}
        for target in Target.objects.filter(revision=revision).placed().order_by("ordinal"):
            start, end = moves.start(target.start), moves.end(target.end)
            selector = describe(text, start, end)
            values = {
                "start": start,
                "end": end,
                "exact": selector.exact,
                "prefix": selector.prefix,
                "suffix": selector.suffix,
                "candidates": self._without_data(_moved(target.candidates, moves)),
            }
            if target.role == Target.Role.CONTENT:
                judged.setdefault(target.annotation_id, []).append((target.exact, selector.exact))
            shown = {"exact": target.exact} if selector.exact != target.exact else {}
            yield self._seen(Target, target.pk, values, shown)
        for place in FlagTarget.objects.filter(revision=revision).exclude(start=None).order_by("pk"):
            start, end = moves.start(place.start), moves.end(place.end)
            selector = describe(text, start, end)
            values = {
                "start": start,
                "end": end,
                "exact": selector.exact,
                "prefix": selector.prefix,
                "suffix": selector.suffix,
            }
            shown = {"exact": place.exact} if selector.exact != place.exact else {}
            yield self._seen(FlagTarget, place.pk, values, shown)
        # Words that were judged are those of the targets, also where a target cuts through what goes.
        for review in Review.objects.filter(revision=revision).select_related("appearance"):
            words = judged.get(review.appearance.annotation_id, [])
            was, is_now = joined(old for old, _new in words), joined(new for _old, new in words)
            if was == review.judged_words and was != is_now:
                yield self._seen(Review, review.pk, {"judged_words": is_now}, {"judged_words": was})
                earlier = Review.history.model.objects.filter(id=review.pk, judged_words=was)
                for pk in list(earlier.values_list("pk", flat=True)):
                    yield self._seen(earlier.model, pk, {"judged_words": is_now}, {"judged_words": was})
                self._became[was] = is_now

    def _lost(self, article: int) -> Iterator[Change]:
        """The surroundings of lost words may end in the middle of what goes: they are dropped."""
        for target in Target.objects.filter(annotation__article=article).orphaned():
            if target.prefix or target.suffix:
                exact = without(target.exact, Target._meta.get_field("exact"), self.wanted)
                shown = {"exact": target.exact} if exact != target.exact else {}
                yield self._seen(Target, target.pk, {"exact": exact, "prefix": "", "suffix": ""}, shown)
        for place in FlagTarget.objects.filter(flag__article=article, start=None):
            if place.prefix or place.suffix:
                exact = without(place.exact, FlagTarget._meta.get_field("exact"), self.wanted)
                shown = {"exact": place.exact} if exact != place.exact else {}
                yield self._seen(FlagTarget, place.pk, {"exact": exact, "prefix": "", "suffix": ""}, shown)

    def _deeds(self, article: int, moves: dict[int, Moves]) -> Iterator[Change]:
        """By the offsets in a record its deed can be undone: they move along."""
        for deed in list(Deed.objects.filter(article=article).order_by("pk")):
            values, shown = {}, {}
            for name in ("before", "after"):
                data = getattr(deed, name)
                after = self._without_data(_shifted(data, moves))
                if after != data:
                    values[name] = after
                    if self._without_data(data) != data:
                        shown[name] = _as_text(data)
            if values:
                yield self._seen(Deed, deed.pk, values, shown)

    def _seen(
        self, model: type[models.Model], pk: Any, values: dict[str, Any], shown: dict[str, str]
    ) -> Change:
        self._done.setdefault((model, pk), set()).update(values)
        return Change(model, pk, values, shown)

    # Files

    def of_files(self) -> Iterator[Change]:
        """Files without the words, under new names; of those that cannot be read, what tells goes."""
        kept: set[str] = set()
        for model, file_field in models_with_files():
            fields = dict(models_with_words()).get(model, ())
            there = model._base_manager.exclude(**{file_field.name: ""}).order_by("pk")
            for row in _by_portions(there):
                file = getattr(row, file_field.attname)
                if not file:
                    continue
                kept.add(file.name)
                if change := self._file(row, file_field, file.name, fields):
                    yield change
        for name in _files(""):
            if name not in kept and (change := self._stray_file(name)):
                yield change

    def _file(
        self, row: models.Model, file_field: FileField, name: str, fields: tuple[models.Field, ...]
    ) -> Change | None:
        model, named = type(row), redacted(name, self.wanted, is_address=True)
        if not default_storage.exists(name):
            return None
        was = _content(name)
        old = hashlib.sha256(was).hexdigest()
        look = blotted(is_picture=model is Picture) if old in self.marked else look_into(was, self.wanted)
        if look.seen is Seen.NOTHING and self._row_tells(row, fields):
            look = gone()
        if look.seen is not Seen.ALL:
            self.unseen.append(Unseen(model, row.pk, name, old))
        if look.content == was and named == name:
            return None
        values: dict[str, Any] = {file_field.attname: named}
        new = hashlib.sha256(look.content).hexdigest()
        self._became[old] = new
        values |= {field.attname: new for field in fields if getattr(row, field.attname) == old}
        if getattr(row, "size", None) == len(was):
            values["size"] = len(look.content)
        change = self._seen(model, row.pk, values, {file_field.name: name})
        return replace(change, content=look.content, gone=(name,), as_a_whole=look.as_a_whole)

    def _row_tells(self, row: models.Model, fields: tuple[models.Field, ...]) -> bool:
        values = ((getattr(row, field.attname), field) for field in fields)
        return any(self._value(value, field) != value for value, field in values)

    def _stray_file(self, name: str) -> Change | None:
        was = _content(name)
        sha256 = hashlib.sha256(was).hexdigest()
        look = look_into(was, self.wanted)
        if (
            sha256 in self.marked
            or look.content != was
            or redacted(name, self.wanted, is_address=True) != name
        ):
            return Change(None, name, shown={"file": name}, gone=(name,), as_a_whole=True)
        if look.seen is not Seen.ALL:
            self.unseen.append(Unseen(None, name, name, sha256))
        return None

    # Columns

    def of_columns(self, model: type[models.Model], fields: tuple[models.Field, ...]) -> Iterator[Change]:
        """The changes of a model, each row once, however many of its fields change."""
        there = model._base_manager.all()
        if model in IN_FORCE:
            there = there.filter(**{f"{IN_FORCE[model]}__isnull": True})
        yield from self._of_rows(there, fields)

    def held(self) -> Iterator[Change]:
        """What would have to change and cannot: the words of a scale that is or was in force."""
        for model, fields in models_with_words():
            if model in IN_FORCE:
                there = model._base_manager.filter(**{f"{IN_FORCE[model]}__isnull": False})
                yield from self._of_rows(there, fields)

    def _of_rows(self, there: models.QuerySet, fields: tuple[models.Field, ...]) -> Iterator[Change]:
        model, names = there.model, [field.attname for field in fields]
        there = self._at_first_sight(there, fields).order_by("pk")
        for some in portions(list(there.values_list("pk", flat=True)), _ROWS):
            rows = list(there.filter(pk__in=some).values_list("pk", *names))
            for pk, *values in rows:
                change = Change(model, pk)
                done = self._done.get((model, pk), ())
                for column, value in zip(fields, values, strict=True):
                    if not value or column.attname in done:
                        continue
                    after = self._value(value, column)
                    if after != value:
                        change.values[column.attname] = after
                        change.shown[column.name] = _as_text(value)
                if change.values:
                    yield change

    def _at_first_sight(self, there: models.QuerySet, fields: tuple[models.Field, ...]) -> models.QuerySet:
        """Those that the database cannot pass by: most of a million rows are read by nobody else.

        What it looks for is wider than what is changed: letters that may be parted or written otherwise are
        in; and so is whatever became another by an earlier step.
        """
        parts = self.wanted.plain_parts()
        if parts is None or len(self._became) > _MOST_NAMED:
            return there
        texts = [Cast(column.attname, models.TextField()) for column in fields]
        there = there.alias(all_its_words=Concat(Value(""), *texts, output_field=models.TextField()))
        telling = Q(Hides(F("all_its_words"), HIDDEN_BY + "\\"))
        for part in parts:
            telling |= Q(all_its_words__icontains=part)
        for was in self._became:
            # As it is, and as JSON has it.
            telling |= Q(all_its_words__contains=was) | Q(
                all_its_words__contains=json.dumps(was, ensure_ascii=False)[1:-1]
            )
        return there.filter(telling)

    def of_sessions(self) -> Iterator[Change]:
        """Who is signed in and has the words in a message signs in again."""
        for session in list(Session.objects.all()):
            data = _as_text(session.get_decoded())
            if redacted(data, self.wanted) != data:
                yield Change(Session, session.pk, shown={"session_data": ""}, deletes=True)

    def _value(self, value: Any, column: models.Field) -> Any:
        if isinstance(column, models.JSONField):
            return self._without_data(value)
        if value in self._became:
            return self._became[value]
        return without(value, column, self.wanted)

    def _without_data(self, data: Any) -> Any:
        def rewrite(text: str) -> str:
            return self._became.get(text) or redacted(text, self.wanted)

        return redacted_data(data, rewrite)

    # All of them

    def steps(self) -> Iterator[tuple[str, Callable[[], Iterator[Change]]]]:
        """Pieces of work, each whole in itself, with the model that they are about."""
        for article in self._articles():
            yield "article", partial(self.of_article, article)
        yield "file", self.of_files
        for model, fields in models_with_words():
            yield model._meta.model_name, partial(self.of_columns, model, fields)
        yield "session", self.of_sessions

    def _articles(self) -> list[int]:
        if self.wanted.plain_parts() is None:
            return list(Article.objects.order_by("pk").values_list("pk", flat=True))
        texts = Revision.objects.values_list("article", "html", "text").iterator(_ROWS)
        return sorted({article for article, html, text in texts if self._may_tell(html, text)})

    def _may_tell(self, html: str, text: str) -> bool:
        """What an HTML says beside its text stands in attributes; their quotation marks are our own."""
        return any(
            self.wanted.may_stand_in(composed(part))
            for part in (text, "\n".join(_ATTRIBUTE.findall(html)))
            if part
        )

    def __iter__(self) -> Iterator[Change]:
        for _name, step in self.steps():
            yield from step()


def apply(change: Change) -> list[str]:
    """Writes one change; answers with the files that it wrote."""
    if change.model is None:
        return []
    rows = change.model._base_manager.filter(pk=change.pk)
    if change.deletes:
        rows.delete()
        return []
    written = []
    if change.content is not None:
        [name] = {one.attname for one in change.model._meta.fields if isinstance(one, FileField)} & (
            change.values.keys()
        )
        change.values[name] = default_storage.save(change.values[name], ContentFile(change.content))
        written.append(change.values[name])
    for number in range(1, _MOST_ALIKE):
        try:
            with transaction.atomic():
                rows.update(**_numbered(change.model, change.values, number))
            return written
        except IntegrityError:
            # It must be there once, and stands somewhere without the words already.
            if number + 1 == _MOST_ALIKE or not _unique(change.model, change.values):
                raise
    return written


def _unique(model: type[models.Model], values: dict[str, Any]) -> set[str]:
    """Of changed columns of text those that a constraint lets be there once."""
    meta = model._meta
    rules = [one for one in meta.constraints if isinstance(one, models.UniqueConstraint)]
    once = {name for one in rules for name in one.fields}
    once |= {name for names in meta.unique_together for name in names}
    once |= {column.name for column in meta.concrete_fields if column.unique}
    return {name for name in once & values.keys() if isinstance(values[name], str)}


def _numbered(model: type[models.Model], values: dict[str, Any], number: int) -> dict[str, Any]:
    if number == 1:
        return values
    values = dict(values)
    for name in _unique(model, values):
        column = model._meta.get_field(name)
        plain = isinstance(column, ADDRESSES) or values[name].isascii()
        end = f"-{number}" if plain else f" {number}"
        values[name] = values[name][: (column.max_length or 10**6) - len(end)] + end
    return values


def _shifted(data: Any, moves: dict[int, Moves]) -> Any:
    """A record of how annotations stood, with its places moved along (actions/annotations/states.py)."""
    moved = moves.get(data.get("revision")) if isinstance(data, dict) else None
    if moved is None or not isinstance(data.get("annotations"), dict):
        return data
    annotations = {
        uuid: state
        | {"places": [[role, moved.start(start), moved.end(end)] for role, start, end in state["places"]]}
        for uuid, state in data["annotations"].items()
    }
    return data | {"annotations": annotations}


def _moved(candidates: Any, moves: Moves) -> Any:
    """Places that were thought of, `[[start, end, score], …]`, moved along."""
    if not isinstance(candidates, list):
        return candidates
    return [[moves.start(one), moves.end(other), *rest] for one, other, *rest in candidates]


def _by_portions(there: models.QuerySet) -> Iterator[Any]:
    """Rows that may be changed while they are gone through."""
    for some in portions(list(there.values_list("pk", flat=True)), _ROWS):
        yield from list(there.filter(pk__in=some))


def _content(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def _files(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}".lstrip("/")
    for name in folders:
        yield from _files(f"{folder}/{name}".lstrip("/"))


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
