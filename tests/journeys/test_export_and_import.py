"""Articles with their tags leave as a file for another program, and come back from one."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from newsroom.models import Article, Deed, Import, User
from tests.journeys.test_gates import assert_nothing_is_wrong
from tests.reading import SEED
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]


def test_a_reporter_takes_an_article_out(page: Page, sign_in: SignIn, reporter: User) -> None:
    sign_in(page, reporter)
    page.goto(f"/desk{SEED}")
    page.get_by_role("link", name="brat", exact=True).click()
    expect(page.get_by_role("heading", name="brat: che cosa uscirebbe")).to_be_visible()
    page.get_by_label("Formato").select_option("doccano")
    page.get_by_role("button", name="Mostra che cosa uscirebbe").click()
    expect(page.locator(".losses")).to_contain_text("Le relazioni tra le etichette")
    assert_nothing_is_wrong(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Scarica").click()
    with zipfile.ZipFile(waiting.value.path()) as packed:
        assert packed.namelist() == ["articles.jsonl", "report.txt"]
    assert Deed.objects.latest("pk").after == {"format": "doccano", "articles": 1, "for_the_desk": False}


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_editor_brings_a_file_in(
    javascript: bool, watched: WatchedBrowser, sign_in: SignIn, editor: User, tmp_path: Path
) -> None:
    page = watched.open(java_script_enabled=javascript)
    sign_in(page, editor)
    file = tmp_path / "note.jsonl"
    text = {"id": "nota", "text": "Ada Neri dice di no.", "label": [[0, 8, "person"]], "headline": "Un no"}
    file.write_text(json.dumps(text))
    page.goto("/desk/")
    page.get_by_role("link", name="Importa").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Carica e mostra").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anteprima")
    expect(page.locator("main")).to_contain_text("1 articolo nuovo")
    expect(page.locator("main")).to_contain_text("Ada Neri")
    assert not Article.objects.filter(headline="Un no").exists()
    page.get_by_role("button", name="Registra").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Che cosa è arrivato")
    page.get_by_role("link", name="Un no").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un no")
    assert Article.objects.get(headline="Un no").published_at is None
    assert Import.objects.latest("pk").state == "stored"
