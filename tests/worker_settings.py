"""The settings of a worker that a test starts: those of the tests, with a queue, and files that both see."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403 -- a settings file is its names

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
STORAGES = STORAGES | {  # noqa: F405 -- see above
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.environ["WORKER_FILES"]},
    }
}
