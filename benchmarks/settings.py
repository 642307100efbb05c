"""The project's settings over a database and static files of the benchmark's own.

`BENCHMARK_FOLDER` names the temporary folder in which `bench.py` lays them, `BENCHMARK_DATABASE` a database
that is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.update(
    CONTROLUCE_DEBUG="0",
    CONTROLUCE_DEMO="1",
    CONTROLUCE_SECRET_KEY="the benchmarks sign nothing that lasts",
    DATABASE_URL=os.environ.get("BENCHMARK_DATABASE")
    or f"sqlite:///{os.environ['BENCHMARK_FOLDER']}/newsroom.sqlite3",
)

from config.settings import *  # noqa: F403 -- it reads the environment above, and is its names
from config.settings import CACHES, DATABASES, PACES

ROOT_URLCONF = "benchmarks.urls"
STATIC_ROOT = Path(os.environ["BENCHMARK_FOLDER"]) / "static"

# What a page costs is what it costs to make; what is kept is measured by `kept`.
CACHES = CACHES | {"pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

# Every visit is from one address. It is counted all the same, as it is in production.
PACES = dict.fromkeys(PACES, 10**9)

# One connection for all visits, whose process at the server can be looked at, and nothing that works beside.
DATABASES["default"]["CONN_MAX_AGE"] = None
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c max_parallel_workers_per_gather=0"
