"""With a worker beside the site, what waits is written down and done by it."""

from __future__ import annotations

from django.core.management import call_command
from pytest_django import Settings

from newsroom.actions import originals
from newsroom.models import User
from newsroom.tasks.originals import finish_original
from tests.local_web import LocalWeb, page
from tests.making import LATER


def test_a_worker_does_what_waits_in_the_database(
    committed: None, web: LocalWeb, reporter: User, settings: Settings
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    original = originals.receive(kind="address", address=web.serve("/", page()), by=reporter, at=LATER)
    finish_original.enqueue(str(original.uuid), language="it")
    original.refresh_from_db()
    assert (original.state, web.asked) == ("waiting", [])
    call_command("work", batch=True, startup_delay=False, verbosity=0)
    original.refresh_from_db()
    assert original.state == "ready"
