"""What is installed: pinned, with hashes, and nothing else than what is pinned. Asked without a network."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from django.conf import settings
from packaging.markers import Marker

LOCKS = sorted((Path(settings.BASE_DIR) / "requirements").glob("*.txt"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)(?: ; ([^\\]+?))? *\\?$")


def pins(lock: Path) -> list[tuple[str, str, str, int]]:
    """Name, version, marker and number of hashes of each line that pins."""
    found: list[tuple[str, str, str, int]] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if match := PIN.match(line):
            found.append((match[1], match[2], match[3] or "", 0))
        elif "--hash=sha256:" in line:
            name, pinned, marker, hashes = found.pop()
            found.append((name, pinned, marker, hashes + 1))
        else:
            assert not line.strip() or line.lstrip().startswith(("#", "-r ")), f"{lock.name}: {line}"
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_its_hashes(lock: Path) -> None:
    found = pins(lock)
    assert len(found) > 10
    assert [name for name, _version, _marker, hashes in found if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_what_is_installed_is_what_is_pinned(lock: Path) -> None:
    for name, pinned, marker, _hashes in pins(lock):
        if marker and not Marker(marker).evaluate():
            continue
        try:
            assert version(name) == pinned, name
        except PackageNotFoundError:
            pytest.fail(f"{name} is pinned and not installed")


#: Stands for pip-audit, which asks a database that no test can reach: what it writes, and how it ends.
ANSWERS = {
    "no fault": ('{"dependencies": []}', 0),
    "a fault": ('{"dependencies": [{"name": "a", "vulns": [{"id": "PYSEC-1"}]}]}', 1),
    "no answer": ("", 1),
}


def audited(tmp_path: Path, answer: str = "", **given: str) -> subprocess.CompletedProcess[str]:
    """The audit of the CI, with a pip-audit that answers so, or with none."""
    for tool in ("bash", "dirname", "mktemp", "rm", "cat"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    if answer:
        written, status = ANSWERS[answer]
        program = tmp_path / "pip-audit"
        program.write_text(
            '#!/usr/bin/env bash\nwhile [ "$1" != --output ]; do shift; done\n'
            f"printf '%s' '{written}' >\"$2\"\nexit {status}\n"
        )
        program.chmod(0o755)
    audit = Path(settings.BASE_DIR) / ".ci" / "audit"
    path = {"PATH": str(tmp_path)}
    return subprocess.run(
        [tmp_path / "bash", audit], env=path | given, cwd=tmp_path, capture_output=True, text=True
    )


@pytest.mark.parametrize("answer", ["", "no answer"])
def test_the_ci_says_that_it_did_not_ask_for_known_faults_and_goes_on(tmp_path: Path, answer: str) -> None:
    done = audited(tmp_path, answer)
    assert (done.returncode, done.stderr[:12]) == (0, "NOT AUDITED:")


@pytest.mark.parametrize("answer", ["", "no answer"])
def test_who_wants_to_know_is_not_told_that_all_is_well(tmp_path: Path, answer: str) -> None:
    done = audited(tmp_path, answer, AUDIT="required")
    assert (done.returncode, done.stderr[:12]) == (1, "NOT AUDITED:")


def test_a_known_fault_fails_the_ci_and_none_passes(tmp_path: Path) -> None:
    (well := tmp_path / "well").mkdir()
    assert audited(well, "no fault").returncode == 0
    done = audited(tmp_path, "a fault")
    assert (done.returncode, "PYSEC-1" in done.stdout) == (1, True)


def test_security_names_tests_that_exist() -> None:
    words = (Path(settings.BASE_DIR) / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[a-z_/]+(?:\.py)?)`", words))
    assert len(named) > 20
    assert [path for path in sorted(named) if not (Path(settings.BASE_DIR) / path).exists()] == []
