"""What is installed: pinned, with hashes, and nothing else than what is pinned. Asked without a network."""

from __future__ import annotations

import re
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


def test_security_names_tests_that_exist() -> None:
    words = (Path(settings.BASE_DIR) / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[a-z_/]+(?:\.py)?)`", words))
    assert len(named) > 20
    assert [path for path in sorted(named) if not (Path(settings.BASE_DIR) / path).exists()] == []
