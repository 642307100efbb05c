"""The folder of backups: one maker at a time, whole files only, and what is kept of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsroom.outside import backups

NOON = datetime(2024, 3, 31, 12, tzinfo=UTC)


def make(folder: Path, at: datetime) -> Path:
    with backups.alone(folder), backups.appearing(folder, at) as file:
        file.write(b"whole")
    return backups.kept(folder)[0].path


def test_they_are_known_by_their_moment_the_newest_first(tmp_path: Path) -> None:
    make(tmp_path, NOON)
    make(tmp_path, NOON + timedelta(days=1))
    (tmp_path / "controluce-somebody's.backup").touch()
    assert [one.at for one in backups.kept(tmp_path)] == [NOON + timedelta(days=1), NOON]
    assert backups.kept(tmp_path)[0].size == 5


def test_only_one_is_made_at_a_time(tmp_path: Path) -> None:
    with backups.alone(tmp_path), pytest.raises(backups.Busy), backups.alone(tmp_path):
        pass
    with backups.alone(tmp_path):
        pass


def test_what_is_not_whole_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), backups.appearing(tmp_path, NOON) as file:
        file.write(b"half")
        raise OSError("The disk is full.")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_goes_with_the_next(tmp_path: Path) -> None:
    (tmp_path / ".making-abc").write_bytes(b"half")
    (tmp_path / ".drill-abc").mkdir()
    (tmp_path / ".drill-abc" / "newsroom.sqlite3").touch()
    with backups.alone(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_nobody_else_can_read_one(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    file = make(folder, NOON)
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_the_newest_of_days_weeks_and_months_are_kept() -> None:
    there = [
        backups.Kept(Path(f"{hours}"), NOON - timedelta(hours=hours)) for hours in range(0, 24 * 100, 12)
    ]
    gone = {one.path for one in backups.superfluous(there, days=3, weeks=2, months=3)}
    stay = [one.at.isoformat()[:13] for one in there if one.path not in gone]
    assert stay == [
        "2024-03-31T12",
        "2024-03-30T12",
        "2024-03-29T12",
        "2024-03-24T12",
        "2024-02-29T12",
        "2024-01-31T12",
    ]


def test_the_newest_stays_whatever_is_asked() -> None:
    there = [backups.Kept(Path("new"), NOON), backups.Kept(Path("old"), NOON - timedelta(days=1))]
    assert backups.superfluous(there, days=0, weeks=0, months=0) == there[1:]


def test_the_last_drill_is_known(tmp_path: Path) -> None:
    assert backups.last_drill(tmp_path) is None
    backups.note_drill(tmp_path, {"at": NOON.isoformat(), "backup": "a", "rows": 7})
    assert backups.last_drill(tmp_path) == {"at": NOON, "backup": "a", "rows": 7}
    (tmp_path / "drill.json").write_text("nonsense")
    assert backups.last_drill(tmp_path) is None
