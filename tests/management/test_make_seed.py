"""The seed newsroom is made from its source data, the same each time, and over nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.prepared_database import copy_file, migrated


def test_it_can_be_made_again_byte_for_byte(tmp_path: Path) -> None:
    """In an embedded database of its own, whatever the other tests are using."""
    database = tmp_path / "empty.sqlite3"
    copy_file(migrated(), database)
    subprocess.run(
        [sys.executable, "manage.py", "make_seed", "--output", str(tmp_path / "seed.json")],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{database}"},
        check=True,
    )
    made = (tmp_path / "seed.json").read_bytes()
    assert made == (settings.BASE_DIR / "fixtures" / "seed.json").read_bytes()


@pytest.mark.django_db
def test_it_is_not_made_over_a_newsroom_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("make_seed", output=tmp_path / "seed.json")
    assert not (tmp_path / "seed.json").exists()
