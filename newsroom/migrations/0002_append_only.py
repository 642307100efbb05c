"""Revisions and deeds are append-only: triggers on both databases refuse their UPDATE and DELETE.

An UPDATE that changes nothing passes, so that a fixture can be loaded over itself.
"""

from django.db import migrations

GUARDED = {
    "newsroom_revision": (
        "id uuid article_id number html text blocks sha256 kind note reverts_id by_id at".split(),
        "a revision never changes",
    ),
    "newsroom_deed": (
        "id uuid verb actor_id at article_id objects_touched before after".split(),
        "a deed never changes",
    ),
}


def statements(vendor):
    for table, (columns, message) in GUARDED.items():
        if vendor == "sqlite":
            differs = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in columns)
            yield (
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {differs}"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
            yield (
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        else:
            # jsonb has equality, so a row comparison covers every column.
            yield (
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
                f" BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            yield (
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW"
                f" WHEN (NEW IS DISTINCT FROM OLD) EXECUTE FUNCTION {table}_refuse()"
            )
            yield (
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW"
                f" EXECUTE FUNCTION {table}_refuse()"
            )


def guard(apps, schema_editor):
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for table in GUARDED:
        on_table = "" if schema_editor.connection.vendor == "sqlite" else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER {table}_no_update{on_table}")
        schema_editor.execute(f"DROP TRIGGER {table}_no_delete{on_table}")
        if schema_editor.connection.vendor != "sqlite":
            schema_editor.execute(f"DROP FUNCTION {table}_refuse()")


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
