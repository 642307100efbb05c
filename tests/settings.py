"""The settings the tests run with: the demo's, for the seed is shown in full there, with quick passwords."""

from __future__ import annotations

import os

os.environ.update(CONTROLUCE_DEMO="1", CONTROLUCE_SECRET_KEY="the tests sign nothing that lasts")

from config.settings import *  # noqa: F403 -- a settings file is its names

# What a test brings goes when the tests go.
STORAGES = STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}  # noqa: F405 -- see above
# All tests ask from one address; what happens to who asks too often has a test of its own.
PACES = dict.fromkeys(PACES, 0)  # noqa: F405 -- see above
FLAG_SECONDS = FLAGS_PER_HOUR = FLAGS_PER_HOUR_BY_THING = FOLLOWS_PER_HOUR = 0
# Where tests/local_web.py listens. 127.0.0.1 is not among it.
FETCH_NETWORKS = ["127.0.0.2/32"]
# A client of its own for each test would look through all the static files, a tenth of a second long. The
# server of the journeys does, as in production.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# What a page costs is counted by its making. Keeping it has tests of its own.
CACHES = CACHES | {"pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}  # noqa: F405 -- see above
