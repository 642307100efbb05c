"""Italian comes first: every word of the interface has its Italian, and the compiled catalogue is in step."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from tokenize import NAME, NL, OP, STRING, TokenError, generate_tokens

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUE = settings.BASE_DIR / "newsroom" / "locale" / "it" / "LC_MESSAGES" / "django.po"
CONTEXT_FIRST = {"pgettext", "pgettext_lazy", "npgettext"}
PLURAL = {"ngettext", "ngettext_lazy", "npgettext"}
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


def calls(source: str) -> Iterator[tuple[str, list[str]]]:
    """(function, its leading string arguments) of every gettext call in Python-like text."""
    tokens = []
    try:
        for token in generate_tokens(StringIO(source).readline):
            tokens.append(token)
    except (TokenError, IndentationError):
        pass  # what stands between the calls of a templatized template is not Python
    for number, token in enumerate(tokens):
        if token.type != NAME or token.string not in PLAIN | PLURAL | CONTEXT_FIRST:
            continue
        if tokens[number + 1].string != "(":
            continue
        arguments, fresh = [], True
        for argument in tokens[number + 2 :]:
            if argument.type == STRING:
                words = ast.literal_eval(argument.string)
                if fresh:
                    arguments.append(words)
                else:
                    arguments[-1] += words
                fresh = False
            elif argument.type == OP and argument.string == ",":
                fresh = True
            elif argument.type != NL:
                break
        yield token.string, arguments


def words_of(source: str) -> Iterator[tuple[str, str]]:
    """(context, msgid) of every translated text."""
    for function, arguments in calls(source):
        if function in CONTEXT_FIRST and len(arguments) >= 2:
            yield arguments[0], arguments[1]
        elif function not in CONTEXT_FIRST and arguments:
            yield "", arguments[0]


def sources() -> Iterator[tuple[Path, str]]:
    for path in sorted((settings.BASE_DIR / "newsroom").rglob("*.py")):
        yield path, path.read_text(encoding="utf-8")
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        # One call a line: what a template says between its tags must not disturb the next call.
        text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for call in re.findall(r"(?:n?p?gettext|\b_)\(.*?\) ", text, re.DOTALL):
            yield path, call


@pytest.fixture(scope="module")
def catalogue() -> dict[tuple[str, str], polib.POEntry]:
    return {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(CATALOGUE))}


def test_every_text_of_the_interface_has_its_italian(catalogue):
    wanted = {key for _path, source in sources() for key in words_of(source)}

    assert len(wanted) > 200
    assert sorted(key for key in wanted if key not in catalogue) == []
    assert [entry.msgid for entry in catalogue.values() if not entry.translated() or entry.fuzzy] == []


def test_a_translation_keeps_the_placeholders(catalogue):
    for entry in catalogue.values():
        one, many = entry.msgstr_plural.get(0, entry.msgstr), entry.msgstr_plural.get(1, "")
        for english, italian in ((entry.msgid, one), (entry.msgid_plural, many)):
            if italian:
                assert set(PLACEHOLDER.findall(italian)) == set(PLACEHOLDER.findall(english)), english


def test_the_compiled_catalogue_is_in_step(catalogue):
    compiled = {
        (entry.msgctxt or "", entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    }

    assert compiled == {key: (entry.msgstr, entry.msgstr_plural) for key, entry in catalogue.items()}


@pytest.mark.parametrize("word", ["esito", "voto", "verdetto", "prove"])
def test_words_that_this_house_does_not_use_stand_nowhere(catalogue, word):
    said = re.compile(rf"\b{word}\b", re.IGNORECASE)

    assert [
        e.msgid
        for e in catalogue.values()
        for text in [e.msgstr, *e.msgstr_plural.values()]
        if said.search(text)
    ] == []
