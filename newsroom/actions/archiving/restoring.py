"""The deed: an archive becomes the newsroom, all of it or nothing.

Every row is inserted, and none changed: the triggers that keep revisions, records and ratings as they are
have nothing to say against that, so none is passed or switched off. A row gets the number of its line as its
key. So it is known before it is there what leads to it, and the order of the tables is that of the archive;
keys to rows are checked when the transaction ends, as always.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO, Protocol, cast

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.actions.deeds import record
from newsroom.actions.erasure.redacting import keep_others_waiting, key_name
from newsroom.actions.erasure.replaying import replay
from newsroom.actions.refusals import Refused, require
from newsroom.actions.with_files import whole
from newsroom.models import Erasure, Newsroom, Target, User
from newsroom.models.searchable import pay_debts
from newsroom.outside import erasures

from .kinds import BadRow, Column, Kind, kinds, known_by, migrations, permissions, reader_of, schema

#: Rows that are written at a time, for a row may be a whole text.
PORTION = 100
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Row = dict[str, Any]


class Archive(Protocol):
    """Where it comes from, proved already: `formats/newsroom_archive.py`."""

    about: Row

    @property
    def models(self) -> list[str]: ...

    @property
    def files(self) -> list[str]: ...

    def rows(self, name: str) -> Iterator[tuple[int, Row]]: ...

    def opened_file(self, name: str) -> BinaryIO: ...

    def erasures(self) -> Iterator[Row]: ...


@dataclass
class Restored:
    """What came in; `replayed` counts the places that were erased again."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    pseudonyms: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    replayed: int = 0


def restore(
    archive: Archive,
    *,
    by: User,
    at: datetime,
    progress: Callable[[str, int, int], None] = lambda _name, _number, _of: None,
) -> Restored:
    """Stores all rows and files in one transaction, if the newsroom is empty but for its people and groups.

    Refused, with what stands against it, stores nothing. Interrupted, it can be started again.
    """
    require(by, "import_newsroom")
    _fits(archive)
    done = Restored(
        pseudonyms=archive.about.get("pseudonyms") or {}, missing=archive.about.get("missing") or []
    )
    with whole() as written:
        if connection.vendor == "postgresql":
            keep_others_waiting()
        if in_the_way := collisions(archive, by=by):
            raise Refused(
                _("This newsroom is not empty, and an archive becomes a newsroom of its own. %(what)s"),
                params={"what": "\n".join(["", *in_the_way, ""])},
                code="full",
            )
        named: set[str] = set()
        for number, kind in enumerate(kinds(), start=1):
            progress(kind.name, number, len(kinds()))
            done.rows[kind.name] = (
                _people(archive, kind, by) if kind.is_named else _store(archive, kind, named)
            )
        _hold_places()
        _count_on([kind.model for kind in kinds() if not kind.is_named])
        progress("files", 0, 0)
        _store_files(archive, named, done, written)
        pay_debts()
        by.refresh_from_db()
        done.replayed = _erase_again(archive, by=by, at=at)
        after = {
            "kind": archive.about.get("kind"),
            "made_at": archive.about.get("made_at"),
            "rows": done.rows,
            "files": done.files,
        }
        record("newsroom.import", by=by, at=at, objects=Newsroom.objects.all(), after=after)
    return done


# Whether it may


def _fits(archive: Archive) -> None:
    made, ours = str(archive.about.get("schema")), schema()
    if made != ours:
        if made in migrations():
            words = _(
                "It was made by an older release (%(made)s; this is %(ours)s): read it with that one, then "
                "upgrade."
            )
        else:
            words = _("It was made by a newer release (%(made)s; this is %(ours)s): upgrade first.")
        raise Refused(words, params={"made": made[:60], "ours": ours}, code="schema")
    known = {kind.name for kind in kinds()}
    if strangers := sorted(set(archive.models) - known):
        raise Refused(
            _("Nobody here knows these rows: %(names)s."), params={"names": ", ".join(strangers)}, code="rows"
        )


def collisions(archive: Archive, *, by: User) -> list[str]:
    """What is here already, a sentence for each kind of row, with what of it is in the archive as well."""
    said = []
    for kind in kinds():
        if kind.model is Group:
            continue
        if kind.model is User:
            here = set(User.objects.exclude(pk=by.pk).values_list("username", flat=True))
            both = sorted(here & {str(row.get("username")) for _number, row in archive.rows("user")})
            if both:
                words = _("Accounts that are here and in it: %(names)s.")
                said.append(words % {"names": ", ".join(both[:10]) + ("…" if len(both) > 10 else "")})
            continue
        number = kind.model._base_manager.count()
        if number:
            both = list(_same(archive, kind))
            words = _("%(name)s: %(here)s here, %(both)s of them also in the archive%(first)s.")
            first = f" ({both[0]})" if both else ""
            said.append(words % {"name": kind.name, "here": number, "both": len(both), "first": first})
    return said


def _same(archive: Archive, kind: Kind) -> Iterator[str]:
    """By what rows are known that are here and in the archive."""
    name = next((name for name in ("slug", "uuid") if any(name == one.name for one in kind.columns)), "")
    if name and not kind.of:
        here = {str(value) for value in kind.model._base_manager.values_list(name, flat=True)}
        yield from (
            str(row.get(name)) for _number, row in archive.rows(kind.name) if str(row.get(name)) in here
        )


# Rows


def _store(archive: Archive, kind: Kind, named: set[str]) -> int:
    ahead = {column.name: _keys_ahead(archive, column) for column in kind.columns if column.ahead}
    resolve = _Resolver()
    number = 0
    for some in _portions(archive.rows(kind.name)):
        number = some[-1][0]
        rows = _made(kind, some, ahead, resolve)
        for row in rows:
            named.update(filter(None, (str(getattr(row, name)) for name in kind.files)))
        _insert(kind, some, rows)
        for many in kind.many:
            _relate(kind, many, some, rows, resolve)
    return number


def _made(
    kind: Kind, some: list[tuple[int, Row]], ahead: dict[str, dict[str, int]], resolve: _Resolver
) -> list[Any]:
    """Rows of the model, unsaved, each with its line's number as its key."""
    expected = {column.name for column in kind.columns} | {many.name for many in kind.many}
    values: list[dict[str, Any]] = [{} for _row in some]
    for (number, row), made in zip(some, values, strict=True):
        if row.keys() != expected:
            odd = sorted(row.keys() ^ expected)
            raise _bad(
                kind,
                number,
                _("these columns are not those of this release: %(names)s") % {"names": ", ".join(odd)[:200]},
            )
        if kind.model is not Newsroom and not kind.model._meta.pk.is_relation:
            made[kind.model._meta.pk.attname] = number
    for column in kind.columns:
        if column.to is None:
            read = reader_of(column.field)
            for (number, row), made in zip(some, values, strict=True):
                try:
                    made[column.name] = read(row[column.name])
                except BadRow as bad:
                    raise _bad(kind, number, f"{column.name}: {_WHY[str(bad)]}") from None
        else:
            _lead(kind, column, some, values, ahead.get(column.name), resolve)
    if kind.of is not None:
        originals = resolve.keys(kind.of, (row["uuid"] for _number, row in some))
        key = kind.of._meta.pk.name
        for (_number, row), made in zip(some, values, strict=True):
            # Of a row that is gone a number that no row ever has.
            made[key] = originals.get(row["uuid"]) or -(made["uuid"].int >> 66)
    return [kind.model(**made) for made in values]


_WHY = {
    "empty": gettext_lazy("it must not be empty"),
    "of another type": gettext_lazy("it is of another type"),
    "holds a NUL": gettext_lazy("it holds a NUL, which no text does"),
    "too long": gettext_lazy("it is too long"),
    "malformed": gettext_lazy("it is malformed"),
}


def _lead(
    kind: Kind,
    column: Column,
    some: list[tuple[int, Row]],
    values: list[dict[str, Any]],
    ahead: dict[str, int] | None,
    resolve: _Resolver,
) -> None:
    assert column.to
    wanted = {row[column.name] for _number, row in some if row[column.name] is not None}
    if odd := [name for name in wanted if type(name) is not str]:
        raise _bad(kind, some[0][0], f"{column.name}: {odd[0]!r:.40}")
    keys = ahead if ahead is not None else resolve.keys(column.to, wanted)
    for (number, row), made in zip(some, values, strict=True):
        name = row[column.name]
        if name is None and not column.field.null:
            raise _bad(kind, number, f"{column.name}: {_WHY['empty']}")
        if name is not None and name not in keys:
            words = _("it leads to %(name)s, which is not in the archive")
            raise _bad(kind, number, f"{column.name}: {words % {'name': name[:80]}}")
        made[column.field.attname] = None if name is None else keys[name]


class _Resolver:
    """Keys of rows that are stored already, by what they are known by; those of people are kept in memory."""

    def __init__(self) -> None:
        self._named: dict[type[models.Model], dict[str, int]] = {}

    def keys(self, model: type[models.Model], names: Iterable[str]) -> dict[str, int]:
        known = known_by(model)
        if known != "uuid":
            if model not in self._named:
                self._named[model] = dict(model._base_manager.values_list(known, "pk"))
            return self._named[model]
        wanted = {name for name in names if _UUID.fullmatch(name)}
        found = model._base_manager.filter(uuid__in=wanted).values_list("uuid", "pk") if wanted else []
        return {str(name): key for name, key in found}


def _keys_ahead(archive: Archive, column: Column) -> dict[str, int]:
    """The line numbers, which will be keys, of the rows that a column leads to; of no others."""
    assert column.to
    model = cast(type[models.Model], column.field.model)
    names = {row.get(column.name) for _number, row in archive.rows(model._meta.model_name or "")} - {None}
    if not names:
        return {}
    there = archive.rows(column.to._meta.model_name or "")
    return {row["uuid"]: number for number, row in there if row.get("uuid") in names}


def _insert(kind: Kind, some: list[tuple[int, Row]], rows: list[Any]) -> None:
    """All at once; if the database refuses, one by one, to say which."""
    # Not by the manager, which would pay the search's debts each time: they are paid once, at the end.
    table: QuerySet[Any] = QuerySet(kind.model)
    try:
        with transaction.atomic():
            table.bulk_create(rows)
    except (DatabaseError, ValueError, OverflowError):
        for (number, _row), row in zip(some, rows, strict=True):
            try:
                with transaction.atomic():
                    table.bulk_create([row])
            except (DatabaseError, ValueError, OverflowError) as refused:
                raise _bad(kind, number, str(refused).splitlines()[0][:200]) from None
        raise


def _relate(
    kind: Kind, many: models.ManyToManyField, some: list[tuple[int, Row]], rows: list[Any], resolve: _Resolver
) -> None:
    through = many.remote_field.through
    owner, to = (
        through._meta.get_field(name).attname
        for name in (many.m2m_field_name(), many.m2m_reverse_field_name())
    )
    keys = resolve.keys(
        many.related_model, {name for _number, row in some for name in _names(kind, many, _number, row)}
    )
    relations = []
    for (number, row), made in zip(some, rows, strict=True):
        for name in _names(kind, many, number, row):
            if name not in keys:
                words = _("it leads to %(name)s, which is not in the archive")
                raise _bad(kind, number, f"{many.name}: {words % {'name': name[:80]}}")
            relations.append(through(**{owner: made.pk, to: keys[name]}))
    try:
        with transaction.atomic():
            through._base_manager.bulk_create(relations)
    except DatabaseError as refused:
        raise _bad(kind, some[0][0], f"{many.name}: {str(refused).splitlines()[0][:200]}") from None


def _names(kind: Kind, many: models.ManyToManyField, number: int, row: Row) -> list[str]:
    names = row[many.name]
    if type(names) is not list or any(type(name) is not str for name in names):
        raise _bad(kind, number, f"{many.name}: {_WHY['of another type']}")
    return names


def _people(archive: Archive, kind: Kind, by: User) -> int:
    """People without a password, and groups. Who brings it keeps theirs, and what they may at least."""
    known, permitted, number = known_by(kind.model), permissions(), 0
    groups = dict(Group.objects.values_list("name", "pk"))
    expected = {column.name for column in kind.columns} | {many.name for many in kind.many}
    for number, row in archive.rows(kind.name):
        if row.keys() != expected:
            raise _bad(
                kind,
                number,
                _("these columns are not those of this release: %(names)s")
                % {"names": ", ".join(sorted(row.keys() ^ expected))[:200]},
            )
        try:
            values = {column.name: reader_of(column.field)(row[column.name]) for column in kind.columns}
        except BadRow as bad:
            raise _bad(kind, number, _WHY[str(bad)]) from None
        if kind.model is User:
            mine = values["username"] == by.username
            kept = {"is_superuser": True} if mine and by.is_superuser else {}
            new = {} if mine else {"password": make_password(None)}
            values |= kept | new
        try:
            with transaction.atomic():
                if kind.model is User and values["username"] != by.username:
                    made: Any = User(**values)
                    made.save(force_insert=True)
                else:
                    made, _new = kind.model._base_manager.update_or_create(
                        **{known: values[known]}, defaults=values
                    )
        except DatabaseError as refused:
            raise _bad(kind, number, str(refused).splitlines()[0][:200]) from None
        for many in kind.many:
            keys = groups if many.related_model is Group else permitted
            names = _names(kind, many, number, row)
            if unknown := [name for name in names if name not in keys]:
                words = _("it leads to %(name)s, which is not in the archive")
                raise _bad(kind, number, f"{many.name}: {words % {'name': unknown[0][:80]}}")
            getattr(made, many.name).set([keys[name] for name in names])
    return number


def _bad(kind: Kind, number: int, why: str) -> Refused:
    words = _("%(name)s, row %(number)s: %(why)s.")
    return Refused(words, params={"name": kind.name, "number": number, "why": why}, code="row")


def _portions(rows: Iterator[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    some: list[tuple[int, Row]] = []
    for row in rows:
        some.append(row)
        if len(some) == PORTION:
            yield some
            some = []
    if some:
        yield some


def _hold_places() -> None:
    """No tag stands on other words than those that it says, or outside its text."""
    there = Substr("revision__text", F("start") + 1, F("end") - F("start"))
    placed = Target._base_manager.filter(start__isnull=False).alias(there=there)
    astray = placed.exclude(there=F("exact")).order_by("pk").values_list("pk", flat=True).first()
    if astray is not None:
        # The key is the number of the row.
        why = _("there are other words, or none, at the place where it stands")
        words = _("%(name)s, row %(number)s: %(why)s.")
        raise Refused(words, params={"name": "target", "number": astray, "why": why}, code="row")


def _count_on(stored: list[type[models.Model]]) -> None:
    """The next key is the one after the last."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), stored):
            cursor.execute(statement)


# Files and erasures


def _store_files(archive: Archive, named: set[str], done: Restored, written: list[str]) -> None:
    there = set(archive.files)
    if lost := sorted(named - there - set(done.missing)):
        raise Refused(
            _("A row names the file %(name)s, which is not in the archive."),
            params={"name": lost[0][:120]},
            code="file",
        )
    if strange := sorted(there - named):
        raise Refused(_("No row names the file %(name)s."), params={"name": strange[0][:120]}, code="file")
    for name in sorted(there):
        if default_storage.exists(name):
            # What a run that was cut off left behind: no row of an empty newsroom leads to it.
            default_storage.delete(name)
        written.append(name)
        with archive.opened_file(name) as file:
            stored = default_storage.save(name, File(file))
        if stored != name:
            written.append(stored)
            raise Refused(
                _("The file %(name)s could not be stored under its name."),
                params={"name": name[:120]},
                code="file",
            )
        done.files += 1


def _erase_again(archive: Archive, *, by: User, at: datetime) -> int:
    """What was erased since the archive was made is erased in it, before anybody sees it."""
    brought = list(archive.erasures())
    for entry in brought:
        if not (
            isinstance(entry.get("uuid"), str) and isinstance(entry.get("hashes"), list) and "key" in entry
        ):
            raise Refused(_("The list of erasures in the archive is damaged."), code="erasures")
    listed = erasures.listed(settings.ERASURES_FILE)
    known = {str(name) for name in Erasure.objects.values_list("uuid", flat=True)}
    pending = {entry["uuid"]: entry for entry in (*brought, *listed) if entry["uuid"] not in known}
    if not pending:
        transaction.on_commit(partial(erasures.add, settings.ERASURES_FILE, brought))
        return 0
    if any(entry["key"] != key_name() for entry in pending.values()):
        raise Refused(
            _(
                "Words were erased since it was made, with another key: set CONTROLUCE_ERASURE_KEY to "
                "that one."
            ),
            code="erasures",
        )
    erasures.add(settings.ERASURES_FILE, brought)
    return replay(pending.values(), by=by, at=at).total()
