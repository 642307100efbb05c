"""Words are erased after a look at every place, by whom it was given; nobody else even sees the way there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect
from pytest_django import Settings

from newsroom.models import Article, User
from newsroom.outside import erasures
from tests.making import HTML, make_article, make_entity, make_mention
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]
NAME = "Nerina Sottovoce"


@pytest.fixture
def article(live: str, settings: Settings, tmp_path: Path) -> Article:
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    html = f"<p>Con lei c’era Nerina <em>Sottovoce</em>, che tace.</p>{HTML}"
    article = make_article(slug="nerina-sottovoce-tace", headline=f"{NAME} tace", html=html)
    make_mention(article, "la sindaca", entity=make_entity(name=NAME))
    return article


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def desk(request: pytest.FixtureRequest, watched: WatchedBrowser, sign_in: SignIn, editor: User) -> Page:
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    page = watched.open(java_script_enabled=request.param)
    sign_in(page, editor)
    return page


def test_words_are_looked_at_confirmed_and_gone(desk: Page, article: Article, settings: Settings) -> None:
    desk.goto("/desk/")
    desk.get_by_role("link", name="Oscura parole").click()
    desk.get_by_label("Parole da oscurare").fill(f"{NAME}\nSottovoce")
    desk.get_by_role("button", name="Cerca tutti i punti").click()
    expect(desk.locator("#preview-title")).to_contain_text("Cambierebbero")
    expect(desk.locator(".erase-place mark").filter(has_text=NAME).first).to_be_visible()
    assert Article.objects.get(pk=article.pk).headline == f"{NAME} tace"

    desk.get_by_role("button", name="Oscura per sempre").click()
    expect(desk.get_by_role("alert").first).to_be_visible()
    desk.get_by_label("Perché vengono oscurate").fill("Lo ordina il giudice.")
    desk.get_by_label("Ho controllato tutti i punti.").check()
    desk.get_by_role("button", name="Oscura per sempre").click()
    expect(desk.get_by_role("status").first).to_contain_text("Oscurato in")
    expect(desk.get_by_text("Lo ordina il giudice.")).to_be_visible()

    desk.goto("/articles/omissis-tace/?layer=entities")
    expect(desk.get_by_role("heading", level=1)).to_have_text("▮▮▮▮ tace")
    expect(desk.get_by_text("Con lei c’era ▮▮▮▮, che tace.")).to_be_visible()
    expect(desk.get_by_text("Sottovoce")).to_have_count(0)
    expect(desk.get_by_role("link", name="la sindaca")).to_be_visible()
    assert len(erasures.listed(settings.ERASURES_FILE)) == 1


def test_who_may_not_sees_no_way_and_finds_none(page: Page, sign_in: SignIn, editor: User, live: str) -> None:
    sign_in(page, editor)
    page.goto("/desk/")
    expect(page.get_by_role("link", name="Oscura parole")).to_have_count(0)
    answer = page.goto("/desk/erase/")
    assert answer is not None and answer.status == 403
