"""Articles in the admin: every change of a text is a revision, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from newsroom.actions import articles
from newsroom.models import Annotation, Article, ArticleAddress, Deed, Revision, User
from tests.admin.filling import filled, messages, save
from tests.reading import tree

SignedIn = Callable[[User], Client]


@pytest.fixture
def client(signed_in: SignedIn, editor: User) -> Client:
    return signed_in(editor)


@pytest.fixture
def article(rows: None) -> Article:
    return Article.objects.select_related("current_revision").get()


@pytest.fixture
def address(article: Article) -> str:
    return reverse("admin:newsroom_article_change", args=[article.pk])


@pytest.fixture
def changed(article: Article) -> str:
    return article.current_revision.html.replace("OpenAI", "OpenAI Inc.", 1)


def act(client: Client, action: str, row: Article, **also: str) -> list[str]:
    """What the admin says after an action on the list."""
    posted = {"action": action, "_selected_action": row.pk, **({} if also else {"index": 0}), **also}
    return messages(client.post(reverse("admin:newsroom_article_changelist"), posted, follow=True))


def test_a_changed_text_is_a_new_revision_and_leaves_the_old_one(
    client: Client, article: Article, address: str, changed: str
) -> None:
    before = Revision.objects.values().get(article=article)
    answer = save(client, address, body=changed, kind="minor", note="Il nome intero.")

    assert answer.status_code == 302
    assert Revision.objects.values().get(article=article, number=1) == before
    after = Article.objects.get().current_revision
    assert (after.number, after.html, after.by.username) == (2, changed, "editor")
    assert Deed.objects.filter(verb="article.revise").count() == 1


def test_a_changed_text_wants_its_kind_and_its_note(
    client: Client, article: Article, address: str, changed: str
) -> None:
    page = save(client, address, body=changed)

    assert page.status_code == 422
    assert set(page.context["adminform"].form.errors) == {"kind", "note"}
    assert "OpenAI Inc." in filled(page)["body"][0]
    assert article.revisions.count() == 1


def test_the_kind_of_a_change_is_proposed_with_its_reasons_and_what_becomes_of_the_annotations(
    client: Client, article: Article, address: str, changed: str
) -> None:
    page = save(client, address, body=changed, note="Il nome intero.", headline="Un altro titolo")

    assert page.status_code == 422
    typed = filled(page)
    assert (typed["kind"], typed["proposed"]) == (["correction"], ["correction"])
    assert (typed["body"], typed["note"], typed["headline"]) == (
        [changed],
        ["Il nome intero."],
        ["Un altro titolo"],
    )
    found = page.context["proposal"]
    assert (found.kept, found.to_check, found.lost) == (Annotation.objects.count() - 1, 1, 0)
    (part,) = tree(page).xpath("//section[@class='proposal']")
    said = " ".join(part.text_content().split())
    assert "Sembra una correzione: cambiano parole valutate, cambiano nomi." in said
    assert part.xpath("string(.//ins/text())") == " Inc."
    assert "Valutazioni che saranno da riverificare" in said
    assert Article.objects.get().headline == article.headline

    assert client.post(address, typed).status_code == 302
    after = Article.objects.get().current_revision
    assert (after.number, after.kind, after.note) == (2, "correction", "Il nome intero.")
    assert Article.objects.get().headline == "Un altro titolo"


def test_a_kind_that_was_only_proposed_follows_the_text_and_one_that_was_chosen_stays(
    client: Client, article: Article, address: str, changed: str
) -> None:
    typed = filled(save(client, address, body=changed))
    minor = article.current_revision.html.replace("Curiosamente", "Stranamente", 1)
    assert filled(client.post(address, typed | {"body": [minor]}))["kind"] == ["minor"]
    typed |= {"kind": ["minor"], "body": [changed]}
    assert filled(client.post(address, typed))["kind"] == ["minor"]


def test_a_changed_draft_is_a_minor_edit_with_its_reason(client: Client, editor: User) -> None:
    draft = articles.create(headline="Bozza", html="<p>Costa 3 euro.</p>", by=editor, at=now())
    address = reverse("admin:newsroom_article_change", args=[draft.pk])
    page = save(client, address, body="<p>Costa 4 euro.</p>")

    assert page.status_code == 422
    typed = filled(page)
    assert (typed["kind"], typed["note"]) == (["minor"], ["Lavoro sulla bozza."])
    assert not tree(page).xpath("//input[@name='kind'][@value='correction']")
    assert client.post(address, typed).status_code == 302
    draft.refresh_from_db()
    assert (draft.current_revision.kind, draft.current_revision.note) == ("minor", "Lavoro sulla bozza.")


def test_any_form_that_comes_back_answers_422(client: Client, address: str) -> None:
    assert save(client, address, headline="").status_code == 422
    assert save(client, reverse("admin:newsroom_article_add"), headline="Vuoto").status_code == 422


def test_a_note_on_an_unchanged_text_is_refused_and_kept(
    client: Client, article: Article, address: str
) -> None:
    page = save(client, address, kind="correction", note="Che cosa ho cambiato?")

    assert page.status_code == 422
    assert filled(page)["note"] == ["Che cosa ho cambiato?"]
    assert article.revisions.count() == 1


def test_what_surrounds_the_text_changes_without_a_revision(
    client: Client, article: Article, address: str
) -> None:
    save(client, address, headline="Un altro titolo")

    assert Article.objects.get().headline == "Un altro titolo"
    assert article.revisions.count() == 1
    deed = Deed.objects.latest("at")
    assert (deed.verb, deed.after) == ("article.edit", {"headline": "Un altro titolo"})


def test_a_page_saved_as_it_was_changes_nothing(client: Client, article: Article, address: str) -> None:
    before = Deed.objects.count()
    assert save(client, address).status_code == 302
    assert (article.revisions.count(), Deed.objects.count()) == (1, before)


def test_a_new_slug_leaves_the_old_one_as_a_redirect(client: Client, article: Article, address: str) -> None:
    save(client, address, slug="altrove")

    assert ArticleAddress.objects.get().slug == article.slug
    assert Client().get(article.get_absolute_url()).headers["Location"].endswith("/altrove/")


def test_two_people_on_one_text_lose_nothing(
    client: Client, article: Article, address: str, changed: str, reporter: User
) -> None:
    mine = filled(client.get(address), body=changed, kind="minor", note="La mia.", headline="Il mio titolo")
    theirs = article.current_revision.html.replace("Microsoft", "Microsoft Corp.", 1)
    articles.revise(article, html=theirs, kind="minor", note="La loro.", by=reporter, at=now(), based_on=1)

    page = client.post(address, mine)
    assert page.status_code == 409
    shown = page.content.decode()
    assert "Dario Brugnoli" in shown or "reporter" in shown
    assert "Microsoft Corp." in shown
    typed = filled(page)
    assert (typed["body"], typed["note"], typed["headline"]) == ([changed], ["La mia."], ["Il mio titolo"])
    assert Article.objects.get().current_revision.html == theirs
    assert Article.objects.get().headline == article.headline

    assert client.post(address, typed).status_code == 302
    assert [revision.html for revision in article.revisions.order_by("number")][1:] == [theirs, changed]


def test_a_form_opened_earlier_does_not_undo_what_another_saved(
    client: Client, article: Article, address: str, reporter: User
) -> None:
    mine = filled(client.get(address), byline="Redazione")
    theirs = article.current_revision.html.replace("Microsoft", "Microsoft Corp.", 1)
    articles.revise(article, html=theirs, kind="minor", note="La loro.", by=reporter, at=now(), based_on=1)
    articles.edit(article, changes={"headline": "Il loro titolo"}, by=reporter, at=now())
    client.post(address, mine)

    found = Article.objects.get()
    assert (found.byline, found.headline) == ("Redazione", "Il loro titolo")
    assert found.current_revision.html == theirs


def test_a_new_article_is_a_draft_with_its_first_revision(client: Client) -> None:
    answer = save(
        client,
        reverse("admin:newsroom_article_add"),
        headline="Un pezzo nuovo",
        body='<p onclick="x()">Testo <script>x()</script><u>nuovo</u>.</p>',
        rights="ours",
    )

    assert answer.status_code == 302
    article = Article.objects.get(slug="un-pezzo-nuovo")
    assert (article.published_at, article.current_revision.number) == (None, 1)
    assert article.current_revision.html == "<p>Testo nuovo.</p>"
    assert Client().get(article.get_absolute_url()).status_code == 404
    page = client.get(reverse("admin:newsroom_article_change", args=[article.pk])).content.decode()
    assert reverse("desk:article", args=[article.slug]) in page


def test_an_article_is_published_and_withdrawn_by_deeds(client: Client, editor: User) -> None:
    draft = articles.create(headline="Bozza", html="<p>Testo.</p>", by=editor, at=now())

    act(client, "publish_selected", draft)
    assert Client().get(draft.get_absolute_url()).status_code == 200

    act(client, "withdraw_selected", draft)
    assert Client().get(draft.get_absolute_url()).status_code == 200  # it asks for the reason first
    act(client, "withdraw_selected", draft, reason=" ")
    assert Client().get(draft.get_absolute_url()).status_code == 200
    act(client, "withdraw_selected", draft, reason="Era una prova.")
    assert Client().get(draft.get_absolute_url()).status_code == 410
    verbs = list(Deed.objects.filter(article=draft).order_by("id").values_list("verb", flat=True))
    assert verbs == ["article.create", "article.publish", "article.withdraw"]


def test_what_is_public_already_is_refused_with_the_reason(client: Client, article: Article) -> None:
    (message,) = act(client, "publish_selected", article)
    assert str(article) in message


def test_a_reporter_writes_and_does_not_publish(
    signed_in: SignedIn, reporter: User, address: str, changed: str, editor: User
) -> None:
    client = signed_in(reporter)
    assert save(client, address, body=changed, kind="minor", note="Il nome intero.").status_code == 302
    draft = articles.create(headline="Bozza", html="<p>Testo.</p>", by=editor, at=now())
    act(client, "publish_selected", draft)
    assert Article.objects.get(pk=draft.pk).published_at is None
    assert "publish_selected" not in client.get(address).content.decode()


def test_the_history_of_an_article_is_its_deeds(client: Client, article: Article) -> None:
    page = client.get(reverse("admin:newsroom_article_history", args=[article.pk]), follow=True)
    assert page.context["cl"].result_count == Deed.objects.filter(article=article).count()
