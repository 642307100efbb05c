"""What the database refuses where no constraint of a row can: four eyes over all who wrote, and what is kept.

- Nobody approves a review that they changed.
- A review that was public is never deleted, and keeps its claim, its rating, what it judges, who wrote it and
  who approved it. Its words can be redacted, and its state moves on.
- A version of the rating scale that is in force keeps its levels and labels as they are.
- A rectification says for ever what its author wrote, in whose name and since when; it is withdrawn, once and
  for a reason that stays, never deleted. An erasure may replace its words.
- A version of one of the newsroom's own pages stays as it is; an erasure alone replaces words in it.
- None of these two, no revision and no deed goes by a way round the triggers that keep each row (those of
  revisions and deeds: migration 0047): on PostgreSQL the table is not emptied, on SQLite no row takes the
  place of another.

Triggers, laid after every `migrate` as those of the search are: SQLite changes a column by making the table
anew, and its triggers go with the old one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper


class Guard(NamedTuple):
    """Refuses an event on a table `when` this holds of its row, with these words."""

    name: str
    table: str
    event: str
    when: str
    words: str


_RECTIFICATION = "a rectification never changes"
_VERSION = "a version of a page never changes"
#: Tables of which no row ever goes, and what is said to whoever tries.
_STAY = {
    "newsroom_revision": "a revision never changes",
    "newsroom_deed": "a deed never changes",
    "newsroom_rectification": _RECTIFICATION,
    "newsroom_pageversion": _VERSION,
}
#: What besides its keys tells a row apart, so that another would take its place on SQLite.
_TAKEN_BESIDES = {
    "newsroom_revision": "t.article_id = NEW.article_id AND t.number = NEW.number",
    "newsroom_rectification": "t.flag_id = NEW.flag_id AND t.withdrawn_at IS NULL"
    " AND NEW.withdrawn_at IS NULL",
    "newsroom_pageversion": "t.page_id = NEW.page_id AND t.number = NEW.number",
}
_IN_FORCE = "EXISTS (SELECT 1 FROM newsroom_ratingscale AS s WHERE s.in_force_since IS NOT NULL AND {})"
_LEVEL_IN_FORCE = _IN_FORCE.format("s.id = OLD.scale_id")
_LABEL_IN_FORCE = _IN_FORCE.format(
    "s.id = (SELECT l.scale_id FROM newsroom_ratinglevel AS l WHERE l.id = OLD.level_id)"
)
_SCALE_KEPT = "a scale in force never changes"
_NO_PASS = "NOT EXISTS (SELECT 1 FROM newsroom_erasurepass)"


def _differ(columns: str, vendor: str) -> str:
    operator = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    return "(" + " OR ".join(f"OLD.{column} {operator} NEW.{column}" for column in columns.split()) + ")"


def guards(vendor: str) -> Iterator[Guard]:
    yield Guard(
        "review_approved_by_who_changed_it",
        "newsroom_review",
        "UPDATE",
        "EXISTS (SELECT 1 FROM newsroom_review_contributors AS c"
        " WHERE c.review_id = NEW.id AND c.user_id = NEW.approver_id)",
        "nobody approves a review that they changed",
    )
    for event in ("INSERT", "UPDATE"):
        yield Guard(
            f"review_changed_by_who_approved_it_{event.lower()}",
            "newsroom_review_contributors",
            event,
            "EXISTS (SELECT 1 FROM newsroom_review AS r"
            " WHERE r.id = NEW.review_id AND r.approver_id = NEW.user_id)",
            "nobody changes a review that they approved",
        )
    yield Guard(
        "review_was_public_and_keeps",
        "newsroom_review",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND (NEW.published_at IS NULL OR "
        + _differ("claim_id level_id judges author_id approver_id", vendor)
        + ")",
        "a review that was public keeps its rating and who stands for it",
    )
    yield Guard(
        "review_was_public_and_stays",
        "newsroom_review",
        "DELETE",
        "OLD.published_at IS NOT NULL",
        "a review that was public is withdrawn, not deleted",
    )
    yield Guard(
        "rectification_keeps",
        "newsroom_rectification",
        "UPDATE",
        _differ("uuid flag_id lang by_id at", vendor)
        + f" OR ({_differ('words name', vendor)} AND {_NO_PASS})",
        _RECTIFICATION,
    )
    yield Guard(
        "rectification_withdrawn_once",
        "newsroom_rectification",
        "UPDATE",
        f"OLD.withdrawn_at IS NOT NULL AND ({_differ('withdrawn_at', vendor)}"
        f" OR ({_differ('withdrawal_reason', vendor)} AND {_NO_PASS}))",
        "a rectification that was withdrawn stays so",
    )
    yield Guard(
        "rectification_stays",
        "newsroom_rectification",
        "DELETE",
        "OLD.id IS NOT NULL",
        "a rectification is withdrawn, not deleted",
    )
    yield Guard(
        "page_version_never_changes",
        "newsroom_pageversion",
        "UPDATE",
        _differ("uuid page_id number by_id at", vendor)
        + f" OR ({_differ('title text note', vendor)} AND {_NO_PASS})",
        _VERSION,
    )
    yield Guard("page_version_stays", "newsroom_pageversion", "DELETE", "OLD.id IS NOT NULL", _VERSION)
    if vendor == "sqlite":  # `REPLACE` deletes without asking the triggers of a deletion
        for table, words in _STAY.items():
            same = ["t.id = NEW.id", "t.uuid = NEW.uuid"]
            if table in _TAKEN_BESIDES:
                same.append(f"({_TAKEN_BESIDES[table]})")
            yield Guard(
                f"{table.removeprefix('newsroom_')}_not_replaced",
                table,
                "INSERT",
                " OR ".join(f"EXISTS (SELECT 1 FROM {table} AS t WHERE {one})" for one in same),
                words,
            )
    in_force = "OLD.in_force_since IS NOT NULL"
    for name, table, kept, columns in (
        ("scale", "newsroom_ratingscale", in_force, "code_name version name in_force_since"),
        (
            "level",
            "newsroom_ratinglevel",
            _LEVEL_IN_FORCE,
            "scale_id code_name position number icon tone underline is_opinion",
        ),
        (
            "label",
            "newsroom_ratinglabel",
            _LABEL_IN_FORCE,
            "level_id lang label meaning attribution_label attribution_meaning",
        ),
    ):
        changed = f"{kept} AND {_differ(columns, vendor)}"
        yield Guard(f"{name}_in_force_keeps", table, "UPDATE", changed, _SCALE_KEPT)
        yield Guard(f"{name}_in_force_stays", table, "DELETE", kept, _SCALE_KEPT)


def lay(connection: BaseDatabaseWrapper) -> None:
    """Lays all triggers anew; none while the tables are not there yet."""
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        if {guard.table for guard in guards(connection.vendor)} <= set(there):
            for statement in statements(connection.vendor):
                cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Takes the triggers away while tables are changed, where that is needed."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for guard in guards("sqlite"):
                cursor.execute(f"DROP TRIGGER IF EXISTS newsroom_{guard.name}")


def statements(vendor: str) -> Iterator[str]:
    for guard in guards(vendor):
        name = f"newsroom_{guard.name}"
        if vendor == "sqlite":
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table} WHEN {guard.when}"
                f" BEGIN SELECT RAISE(ABORT, '{guard.words}'); END"
            )
        else:
            yield (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF {guard.when} THEN RAISE EXCEPTION '{guard.words}'"
                " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
                f" RETURN {'OLD' if guard.event == 'DELETE' else 'NEW'}; END $$"
            )
            yield f"DROP TRIGGER IF EXISTS {name} ON {guard.table}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table}"
                f" FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
    if vendor != "sqlite":
        for table, words in _STAY.items():
            yield (
                f"CREATE OR REPLACE FUNCTION {table}_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$"
                f" BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            yield f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}"
            yield (
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_not_emptied()"
            )
