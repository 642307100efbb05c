"""The triggers of 0002, with one way through: an erasure replaces words, and nothing else.

While a pass is there (models/erasure.py) the columns with words may change; who, when, which and of what may
not, and no row is ever deleted.
"""

from importlib import import_module

from django.db import migrations

append_only = import_module("newsroom.migrations.0002_append_only")

#: Of each table the columns that hold words, or follow from them.
WORDS = {
    "newsroom_revision": {"html", "text", "blocks", "sha256", "note"},
    "newsroom_deed": {"before", "after"},
}
PASS = "newsroom_erasurepass"


def statements(vendor):
    for table, (columns, message) in append_only.GUARDED.items():
        fixed = [name for name in columns if name not in WORDS[table]]
        if vendor == "sqlite":
            fixed_differ = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in fixed)
            words_differ = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in sorted(WORDS[table]))
            yield f"DROP TRIGGER IF EXISTS {table}_no_update"
            yield (
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {fixed_differ}"
                f" OR (({words_differ}) AND NOT EXISTS (SELECT 1 FROM {PASS}))"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        else:
            old, new = (", ".join(f"{state}.{name}" for name in fixed) for state in ("OLD", "NEW"))
            yield (
                f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF TG_OP = 'UPDATE' THEN"
                f" IF ({new}) IS NOT DISTINCT FROM ({old}) AND EXISTS (SELECT 1 FROM {PASS})"
                f" THEN RETURN NEW; END IF; END IF;"
                f" RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )


def open_a_way(apps, schema_editor):
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def close_it(apps, schema_editor):
    append_only.unguard(apps, schema_editor)
    append_only.guard(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0046_erasure")]
    operations = [migrations.RunPython(open_a_way, close_it)]
