"""Imports point down only: the floors of docs/architecture.md, read from every file of the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent
HOUSE = ("config", "newsroom")

#: A room is a folder or a file of newsroom/. A module may import its own room, and rooms of a lower floor.
FLOORS = {
    "text": 0,
    "models": 1,
    "outside": 1,
    "presenters": 2,
    "actions": 2,
    "formats": 2,
    "templatetags": 2,
    "forms": 2.5,
    "tasks": 2.75,
    "views": 3,
    "admin": 3,
    "management": 3,
    "middleware": 3,
    "urls": 4,
    "data_urls": 4,
    "account_urls": 4,
    "apps": 4,
    "config": 4,
}
#: Rows, the clock, chance, the network and files: what text/ does without.
IMPURE_MODULES = {
    "asyncio", "django", "glob", "http", "importlib", "io", "logging", "multiprocessing", "os", "pathlib",
    "random", "requests", "secrets", "shutil", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile",
    "threading", "time", "urllib",
}  # fmt: skip
PURE_MODULES = {"urllib.parse"}
IMPURE_BUILTINS = {"input", "open", "print"}
IMPURE_METHODS = {"now", "open", "read_bytes", "read_text", "today", "utcnow", "uuid1", "uuid4"}
VAGUE_NAMES = {"utils", "helpers", "common", "core", "services", "lib"}


def modules() -> dict[str, ast.Module]:
    """Every module of the house by its dotted name; a package is named without `__init__`."""
    found = {}
    for path in sorted(path for top in HOUSE for path in (BASE / top).rglob("*.py")):
        name = ".".join(path.relative_to(BASE).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"), path)
    return found


MODULES = modules()


def is_package(module: str) -> bool:
    return (BASE / module.replace(".", "/") / "__init__.py").exists()


def room(module: str) -> str:
    """`newsroom.models.claim` is in models, `newsroom.forms` in forms, `config.settings` in config.

    Django wants the history of the models in a folder of its own; it belongs to their room.
    """
    top, _, rest = module.partition(".")
    name = (rest.partition(".")[0] or top) if top == "newsroom" else top
    return "models" if name == "migrations" else name


def imports(tree: ast.Module, module: str) -> Iterator[str]:
    """The dotted names that a module imports, anywhere in it: a module's own name where it is known."""
    package = module if is_package(module) else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                yield inner if inner in MODULES or node.module is None or origin == "newsroom" else origin


def climbing_imports(tree: ast.Module, module: str) -> list[str]:
    """The imports of a module that point up, sideways or at the template tags."""
    here = room(module)
    return [
        name
        for name in imports(tree, module)
        if name.partition(".")[0] in HOUSE
        and room(name) != here
        and (FLOORS.get(room(name), 5) >= FLOORS[here] or room(name) == "templatetags")
    ]


def impurities(tree: ast.Module, module: str) -> list[str]:
    """What a module of text/ may not name: rows, the clock, chance, the network and files."""
    names = [
        name
        for name in imports(tree, module)
        if name.partition(".")[0] in IMPURE_MODULES and name not in PURE_MODULES
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names += [alias.name for alias in node.names if alias.name in IMPURE_METHODS]
        elif isinstance(node, ast.Attribute) and node.attr in IMPURE_METHODS:
            names.append(node.attr)
        elif isinstance(node, ast.Name) and node.id in IMPURE_BUILTINS:
            names.append(node.id)
    return names


def circle(members: dict[str, ast.Module]) -> list[str]:
    """The first circle of imports among these modules, empty if there is none."""
    graph = {
        module: {name for name in imports(tree, module) if name in members and name != module}
        for module, tree in members.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def is_contents(node: ast.stmt) -> bool:
    """Belongs into a table of contents: a docstring, an import, `__all__`."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets] == ["__all__"]
    return isinstance(node, ast.Import | ast.ImportFrom)


def rooms() -> dict[str, dict[str, ast.Module]]:
    found: dict[str, dict[str, ast.Module]] = {}
    for module, tree in MODULES.items():
        if module != "newsroom":
            found.setdefault(room(module), {})[module] = tree
    return found


ROOMS = rooms()


def test_every_room_stands_on_a_floor() -> None:
    assert set(ROOMS) <= set(FLOORS)


@pytest.mark.parametrize("module", [module for module in MODULES if module != "newsroom"])
def test_imports_point_down_only(module: str) -> None:
    assert climbing_imports(MODULES[module], module) == []


@pytest.mark.parametrize("module", ROOMS.get("text", {}))
def test_text_knows_no_row_clock_chance_network_or_file(module: str) -> None:
    assert impurities(MODULES[module], module) == []


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_has_no_circle_of_imports(name: str) -> None:
    assert circle(ROOMS[name]) == []


@pytest.mark.parametrize("module", [module for module in MODULES if is_package(module)])
def test_an_init_is_a_table_of_contents(module: str) -> None:
    assert [ast.unparse(node) for node in MODULES[module].body if not is_contents(node)] == []


def test_no_name_is_vague() -> None:
    tops = (*HOUSE, "static", "templates", "tests", "benchmarks", "docs")
    assert [path for top in tops for path in (BASE / top).rglob("*") if path.stem in VAGUE_NAMES] == []


# The rules themselves: each refuses a bad example.


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("newsroom.text.sentences", "from newsroom.models import Claim"),
        ("newsroom.text.sentences", "from ..models.claim import Claim"),
        ("newsroom.models.claim", "from newsroom.actions import claims"),
        ("newsroom.models.claim", "from newsroom import outside"),
        ("newsroom.actions.claims", "def rate():\n    import newsroom.views.desk"),
        ("newsroom.actions.claims", "if TYPE_CHECKING:\n    from newsroom.presenters import article"),
        ("newsroom.presenters.article", "from newsroom.formats.archive import write"),
        ("newsroom.views.reader", "from newsroom.admin import site"),
        ("newsroom.tasks.originals", "from newsroom.views import intake"),
        ("newsroom.actions.originals", "from newsroom.tasks import originals"),
        ("newsroom.tasks.notices", "from newsroom.views import threads"),
        ("newsroom.actions.comments", "from newsroom.tasks import notices"),
        ("newsroom.views.reader", "from newsroom.templatetags.reading import icon"),
        ("newsroom.models.claim", "from config import settings"),
        ("newsroom.models.claim", "from newsroom.cellar import wine"),
    ],
)
def test_an_import_that_climbs_is_refused(module: str, source: str) -> None:
    assert len(climbing_imports(ast.parse(source), module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("newsroom.models.claim", "from .rating import RatingLevel"),
        ("newsroom.actions.claims", "from newsroom.models import Claim"),
        ("newsroom.views.reader", "from newsroom.text.segments import cut"),
        ("newsroom.views.intake", "from newsroom.tasks.originals import finish_original"),
        ("newsroom.views.threads", "from newsroom.tasks.notices import send_notices"),
        ("config.settings", "from config.environment import env_bool"),
    ],
)
def test_an_import_that_goes_down_is_allowed(module: str, source: str) -> None:
    assert climbing_imports(ast.parse(source), module) == []


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils.text import slugify",
        "import random",
        "from pathlib import Path",
        "from urllib.request import urlopen",
        "today = date.today()",
        "from uuid import uuid4",
        "def parse():\n    return open('names.txt')",
    ],
)
def test_an_impure_text_module_is_refused(source: str) -> None:
    assert impurities(ast.parse(source), "newsroom.text.sentences") != []


def test_a_text_module_may_know_dates_and_take_addresses_apart() -> None:
    source = "from datetime import date\nfrom urllib.parse import urlsplit\nwas, now = old, new"
    assert impurities(ast.parse(source), "newsroom.text.sentences") == []


def test_a_circle_is_found() -> None:
    members = {
        "newsroom.models.claim": ast.parse("from newsroom.models.review import Review"),
        "newsroom.models.review": ast.parse("def claim():\n    from .claim import Claim"),
    }
    assert set(circle(members)) == set(members)


def test_code_in_an_init_is_seen() -> None:
    assert not is_contents(ast.parse("connect()").body[0])
