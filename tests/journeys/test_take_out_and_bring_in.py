"""Articles with their tags leave as a file for another program, and come back from one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

from playwright.sync_api import Page, expect

from newsroom.models import Deed, User
from tests.journeys.test_gates import assert_nothing_is_wrong
from tests.reading import SEED

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
