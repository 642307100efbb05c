"""The newsroom's own pages: every text that was saved stays, and nobody overwrites another's unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from newsroom.actions import pages
from newsroom.actions.erasure.redacting import passing
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.models import Deed, Page, PageVersion, User
from tests.making import LATER, THEN, make_page

pytestmark = pytest.mark.django_db


def said(**given: Any) -> dict[str, Any]:
    return {"title": "Chi siamo", "text": "Una redazione.", "note": "La prima."} | given


def test_a_page_begins_with_its_first_version(editor: User) -> None:
    page = pages.create(slug="chi-siamo", lang="it", by=editor, at=THEN, **said(text=" Una redazione.\n"))
    version = page.versions.get()
    assert (version.number, version.text, version.by, version.at) == (1, "Una redazione.", editor, THEN)
    deed = Deed.objects.latest("pk")
    assert deed.verb == "page.create"
    assert deed.objects_touched == [["page", str(page.uuid)], ["pageversion", str(version.uuid)]]


def test_there_is_one_page_for_an_address_in_a_language(editor: User) -> None:
    pages.create(slug="chi-siamo", lang="it", by=editor, at=THEN, **said())
    pages.create(slug="chi-siamo", lang="en", by=editor, at=THEN, **said(title="Who we are"))
    with pytest.raises(ValidationError):
        pages.create(slug="chi-siamo", lang="it", by=editor, at=THEN, **said())


def test_each_change_is_the_next_version(editor: User) -> None:
    page = make_page()
    second = pages.revise(page, based_on=1, by=editor, at=LATER, **said(note=" Siamo due. "))
    assert (second.number, second.note) == (2, "Siamo due.")
    assert [version.number for version in page.versions.newest_first()] == [2, 1]
    assert Deed.objects.latest("pk").after == {"number": 2, "place": "method"}


def test_ends_of_lines_as_browsers_send_them_are_no_change(editor: User) -> None:
    page = make_page(**said(text="Una.\n\nDue."))
    pages.revise(page, based_on=1, place="", by=editor, at=LATER, **said(text="Una.\r\n\r\nDue.", note=""))
    assert page.versions.count() == 1


def test_where_it_is_linked_is_no_version(editor: User) -> None:
    page = make_page(**said())
    pages.revise(page, based_on=1, place="", by=editor, at=LATER, **said(note=""))
    page.refresh_from_db()
    assert page.place == ""
    assert page.versions.count() == 1


@pytest.mark.parametrize(
    ("change", "code"), [({"note": "Così."}, "unchanged"), ({"text": "Due.", "note": " "}, "note")]
)
def test_what_changes_nothing_or_does_not_say_why_is_refused(
    editor: User, change: dict[str, str], code: str
) -> None:
    page = make_page(**said())
    with pytest.raises(Refused) as refusal:
        pages.revise(page, based_on=1, by=editor, at=LATER, **said(**change))
    assert refusal.value.code == code
    assert page.versions.count() == 1


def test_who_comes_second_is_told_by_whom(editor: User) -> None:
    page = make_page()
    pages.revise(page, based_on=1, by=editor, at=LATER, **said(text="Due."))
    with pytest.raises(Overtaken, match=str(editor)):
        pages.revise(page, based_on=1, by=editor, at=LATER, **said(text="Tre."))
    assert page.versions.count() == 2


def test_only_editors_write_them(checker: User) -> None:
    with pytest.raises(PermissionDenied):
        pages.create(slug="chi-siamo", lang="it", by=checker, at=THEN, **said())


def test_the_database_lets_nobody_change_or_delete_a_version() -> None:
    version = make_page().versions.get()
    rows = PageVersion.objects.filter(pk=version.pk)
    for wrong in ({"text": "Altro."}, {"number": 7}, {"at": LATER}):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            rows.update(**wrong)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        rows.delete()
    assert rows.get().text == version.text


def test_an_erasure_may_replace_words_and_nothing_else() -> None:
    rows = PageVersion.objects.filter(pk=make_page().versions.get().pk)
    with passing():
        rows.update(text="▮▮▮▮")
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            rows.update(number=7)
    assert rows.get().text == "▮▮▮▮"


def test_the_seed_discloses_what_the_codes_ask_for(rows: None) -> None:
    texts = {
        (page.slug, page.lang): page.versions.get().text
        for page in Page.objects.all()
        if page.slug != "gerenza"
    }
    assert set(texts) >= {(slug, lang) for slug in ("ifcn", "jti") for lang in ("it", "en")}
    for lang in ("it", "en"):
        assert [line[3] for line in texts["ifcn", lang].splitlines() if line.startswith("## ")] == list(
            "12345"
        )
        clauses = [line.partition(".")[0] for line in texts["jti", lang].splitlines() if line[:1].isdigit()]
        assert clauses == [str(number) for number in range(1, 19)]
