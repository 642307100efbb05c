"""What the admin calls its things: every model, field and column has a name that is translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

import lxml.html
import pytest
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.functional import Promise

from newsroom.models import Deed, User
from newsroom.presenters.desk import in_words

SignedIn = Callable[[User], Client]

OURS = [model for model in admin.site._registry if model._meta.app_label == "newsroom"]
#: Known to programs alone.
HIDDEN = {"id", "uuid", "sort_key"}


def name_of(model: type[Model]) -> str:
    return model._meta.model_name


def names(model: type[Model]) -> Iterator[tuple[str, Any]]:
    yield "model", model._meta.verbose_name
    yield "models", model._meta.verbose_name_plural
    for field in [*model._meta.fields, *model._meta.many_to_many]:
        if field.name not in HIDDEN:
            yield field.name, field.verbose_name


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_every_model_and_field_has_a_name_to_translate(model: type[Model]) -> None:
    assert [where for where, name in names(model) if not isinstance(name, Promise)] == []


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_what_is_hidden_is_in_no_form_and_no_list(model: type[Model], editor: User) -> None:
    shown = admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = editor
    columns = {*shown.get_list_display(request), *shown.get_readonly_fields(request), *shown.search_fields}
    assert columns & HIDDEN == set()
    assert not [field for field in model._meta.fields if field.name in HIDDEN - {"id"} and field.editable]


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_every_column_has_a_heading_to_translate(model: type[Model]) -> None:
    """A column is a field, or a function that says what it shows."""
    shown = admin.site._registry[model]
    fields = {field.name for field in model._meta.fields}
    columns = [column for column in shown.list_display if column not in fields]
    said = [getattr(getattr(shown, column), "short_description", None) for column in columns]
    assert [
        column for column, words in zip(columns, said, strict=True) if not isinstance(words, Promise)
    ] == []


def test_every_deed_has_words(rows: None) -> None:
    """Each verb that an action or the admin writes down, found in their files."""
    written = {
        node.value
        for room in ("actions", "admin")
        for path in (settings.BASE_DIR / "newsroom" / room).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z]+\.[a-z-]+", node.value)
    }
    written |= set(Deed.objects.values_list("verb", flat=True).distinct())
    assert {verb for verb in written if in_words(verb) == verb} == set()


def test_the_first_page_stands_in_groups_and_leaves_out_no_noun(editor: User, signed_in: SignedIn) -> None:
    editor.is_superuser = True
    editor.save()
    page = signed_in(editor).get(reverse("admin:index"))
    groups = {str(app["name"]): app["models"] for app in page.context["app_list"]}
    assert list(groups)[0] == "Lavoro"
    assert [row["object_name"] for row in groups["Lavoro"]][:3] == ["Article", "Claim", "Review"]
    shown = {row["model"] for rows in groups.values() for row in rows}
    assert set(OURS) <= shown
    assert "Dati dimostrativi" in page.content.decode()


def test_a_group_of_which_one_may_see_nothing_is_not_there(reporter: User, signed_in: SignedIn) -> None:
    reporter.groups.clear()
    page = signed_in(reporter).get(reverse("admin:index"))
    assert page.context["app_list"] == []


def test_beside_a_page_stands_every_noun_and_the_one_that_it_shows_is_marked(
    editor: User, signed_in: SignedIn
) -> None:
    """As Django’s own rows: the filter over them, and the marks of styles, are Django’s."""
    editor.is_superuser = True
    editor.save()
    claims = reverse("admin:newsroom_claim_changelist")
    page = signed_in(editor).get(claims)
    beside = lxml.html.fromstring(page.content).get_element_by_id("nav-sidebar")
    rows = [row for app in page.context["available_apps"] for row in app["models"]]
    assert [link.get("href") for link in beside.cssselect("th[scope=row] a")] == [
        row["admin_url"] for row in rows
    ]
    assert [link.get("href") for link in beside.cssselect("a.addlink")] == [
        row["add_url"] for row in rows if row["add_url"]
    ]
    [here] = beside.cssselect("[aria-current=page]")
    assert here.get("href") == claims
    [row] = beside.cssselect("tr.current-model")
    assert row.get("class").split() == ["model-claim", "current-model"]
    assert row.cssselect("a.addlink")[0].get("aria-describedby") == row.cssselect("th")[0].get("id")
