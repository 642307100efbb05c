"""The test database without a newsroom in it, until the test ends: as it is after `migrate`."""

from __future__ import annotations

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connection

from newsroom.models import User
from newsroom.models.search_entries import ENTRIES


def empty() -> User:
    """All rows of all our tables go, past the triggers that keep them, which then stand as before.

    Answers with the one who is there: a superuser called *editor*.
    """
    models = apps.get_app_config("newsroom").get_models(include_auto_created=True)
    labels = ("account", "mfa", "socialaccount")
    of_accounts = [model for label in labels for model in apps.get_app_config(label).get_models()]
    tables = [model._meta.db_table for model in (LogEntry, *of_accounts, *models) if not model._meta.proxy]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
            for entry in ENTRIES:
                index = f"{entry._meta.db_table}_index"
                cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
            for _name, sql in triggers:
                cursor.execute(sql)
        else:
            # What waits for the end of the transaction stands against it.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return User.objects.create_superuser(username="editor")
