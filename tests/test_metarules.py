"""House rules that can be read off the files: templates, static files, and everything that is committed."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest
from django.template import engines

BASE = Path(__file__).resolve().parent.parent
#: What Git does not keep: everything else in the folder is the project.
UNKEPT = {".git", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv", "__pycache__", "var"}

TEMPLATE_FOLDERS = (BASE / "templates", BASE / "newsroom" / "templates")
TEMPLATES = {
    str(path.relative_to(folder)): path
    for folder in TEMPLATE_FOLDERS
    for path in sorted(folder.rglob("*"))
    if path.is_file()
}

#: What the content security policy would stop, or would have to be opened for.
REFUSED_MARKUP = {
    "an inline style": r"<[a-z][^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline handler": r"<[a-z][^>]*\s(?:on[a-z]+|hx-on[\w:.-]*|data-hx-on[\w:.-]*)\s*=",
    "an inline script": r"<script\b(?![^>]*\ssrc\s*=)(?![^>]*\btype=[\"']application/ld\+json[\"'])",
    "a script as an address": r"javascript:",
    "an asset of another host": r"<(?:audio|embed|iframe|img|link|object|script|source|use|video)\b[^>]*"
    r"\s(?:data|href|poster|src|srcset)\s*=\s*[\"']?\s*(?:https?:)?//",
}
#: Namespaces and licences are names, not addresses that a browser would open.
HARMLESS_ADDRESS = re.compile(r"https?://www\.w3\.org/")
#: Written in pieces, so that this file does not refuse itself.
MACHINE = re.compile(
    r"(?<![\w./-])/(?:farm|home|root|tmp|work)/|"
    + "|".join(["py" + r"pi\.", "python" + "hosted", "npm" + "js"])
)
#: An exception to a rule stands with the rule's code and its reason.
EXCEPTIONS = {
    "noqa": re.compile(r"noqa: [A-Z]+\d+(?:, [A-Z]+\d+)* -- \w"),
    "type: ignore": re.compile(r"type: ignore\[[\w, -]+\]\s+# \w"),
}


def kept_files(*suffixes: str) -> list[Path]:
    """The project's files, or those with one of these suffixes."""
    return [
        path
        for path in sorted(BASE.rglob("*"))
        if path.is_file()
        and not UNKEPT & set(path.relative_to(BASE).parts)
        and (not suffixes or path.suffix in suffixes)
    ]


def relative(path: Path) -> str:
    return str(path.relative_to(BASE))


def markup_faults(source: str) -> list[str]:
    """What a template has that REFUSED_MARKUP names. Its own comments do not count; a tag is a word."""
    shown = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", source, flags=re.DOTALL)
    plain = re.sub(r"\{[%{].*?[%}]\}", "tag", shown, flags=re.DOTALL)
    return [name for name, pattern in REFUSED_MARKUP.items() if re.search(pattern, plain, re.IGNORECASE)]


def unexplained_exceptions(source: str) -> list[str]:
    """Comments that set a rule aside and do not say which and why; calls of mark_safe without a comment."""
    faults = []
    commented: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            commented |= {token.start[0], token.start[0] + 1}
            faults += [
                token.string
                for word, explained in EXCEPTIONS.items()
                if re.search(rf"#\s*{word}\b", token.string) and not explained.search(token.string)
            ]
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith("mark_safe")
            and node.lineno not in commented
        ):
            faults.append(ast.unparse(node))
    return faults


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name: str) -> None:
    assert engines["django"].get_template(name).origin.name == str(TEMPLATES[name])


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_needs_no_hole_in_the_content_security_policy(name: str) -> None:
    assert markup_faults(TEMPLATES[name].read_text(encoding="utf-8")) == []


def test_no_static_file_of_ours_calls_another_host() -> None:
    called = {
        relative(path): addresses
        for path in kept_files(".css", ".js", ".svg")
        if (
            addresses := re.findall(
                r"https?://\S+", HARMLESS_ADDRESS.sub("", path.read_text(encoding="utf-8"))
            )
        )
    }
    assert called == {}


def test_no_file_names_a_machine_or_a_registry() -> None:
    named = {}
    for path in kept_files():
        try:
            found = MACHINE.findall(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # a picture
        if found:
            named[relative(path)] = found
    assert named == {}


@pytest.mark.parametrize(
    "path", [*(BASE / "config").rglob("*.py"), *(BASE / "newsroom").rglob("*.py")], ids=relative
)
def test_every_module_says_what_it_is(path: Path) -> None:
    module = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(module) or not module.body or "migrations" in path.parts


@pytest.mark.parametrize("path", kept_files(".py"), ids=relative)
def test_an_exception_to_a_rule_gives_its_reason(path: Path) -> None:
    assert unexplained_exceptions(path.read_text(encoding="utf-8")) == []


def test_every_link_of_the_documents_leads_somewhere() -> None:
    missing = {
        f"{relative(path)}: {target}"
        for path in kept_files(".md")
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    }
    assert missing == set()


# The rules themselves: each refuses a bad example.


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('<p style="color: red">', "an inline style"),
        ("<p\n  style='color: red'>", "an inline style"),
        ("<style>p { color: red }</style>", "a style element"),
        ('<button onclick="go()">', "an inline handler"),
        ('<button hx-on:click="go()">', "an inline handler"),
        ('<a{% if x > 1 %} class="x"{% endif %} onclick="go()">', "an inline handler"),
        ("<script>go()</script>", "an inline script"),
        ('<script type="module">go()</script>', "an inline script"),
        ('<a href="javascript:go()">', "a script as an address"),
        ('<link rel="stylesheet" href="https://cdn.example/x.css">', "an asset of another host"),
        ('<script src="//cdn.example/x.js"></script>', "an asset of another host"),
    ],
)
def test_markup_that_the_policy_would_stop_is_refused(source: str, fault: str) -> None:
    assert markup_faults(source) == [fault]


@pytest.mark.parametrize(
    "source",
    [
        '<script src="{% static "js/look.js" %}" defer></script>',
        '<script type="application/ld+json">{{ data }}</script>',
        '<a href="https://original.example/">',
        '{# <p style="color: red"> #}',
        '<p data-style="plain" class="on">',
    ],
)
def test_plain_markup_is_allowed(source: str) -> None:
    assert markup_faults(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import os  # no" + "qa",
        "import os  # no" + "qa: F401",
        "x = f()  # type: " + "ignore[no-any-return]",
        "html = mark_safe(text)",
    ],
)
def test_an_exception_without_a_reason_is_refused(source: str) -> None:
    assert unexplained_exceptions(source + "\n") != []


@pytest.mark.parametrize(
    "source",
    [
        "import os  # no" + "qa: F401 -- its import registers it",
        "x = f()  # type: " + "ignore[no-any-return]  # the library has no types",
        "# Every piece was escaped above.\nhtml = mark_safe(text)",
    ],
)
def test_an_exception_with_its_reason_is_allowed(source: str) -> None:
    assert unexplained_exceptions(source + "\n") == []
