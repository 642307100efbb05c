"""Threads at the desk: who opens them, what a form answers with and without htmx, what a list costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from newsroom.actions import comments
from newsroom.models import Annotation, Comment, Notice, Thread, User
from newsroom.models.comment import BODY_LENGTH
from tests.making import (
    LATER,
    make_annotation,
    make_appearance,
    make_article,
    make_claim,
    make_comment,
    make_thread,
    make_user,
)
from tests.reading import faults, tree

SignedIn = Callable[[User], Client]

HTMX = {"HX-Request": "true"}
BODY = "Chi lo dice, @editor?"


@pytest.fixture
def annotation(rows: None) -> Annotation:
    return make_annotation(make_article(headline="Il ponte riapre"), "la sindaca")


@pytest.fixture
def client(signed_in: SignedIn, reporter: User) -> Client:
    return signed_in(reporter)


def page_of(subject: Any) -> str:
    return reverse(f"desk:threads-{subject._meta.model_name}", args=[subject.code])


def text_of(answer: HttpResponse) -> str:
    return " ".join(tree(answer).text_content().split())


def focused(answer: HttpResponse) -> list[str]:
    return [element.get("id") for element in tree(answer).xpath("//*[@data-focus]")]


# Who


def addresses() -> dict[str, tuple[str, str]]:
    """Every address of this kind, and the method that it is asked with."""
    annotation = make_annotation(make_article(), "la sindaca")
    thread = make_thread(annotation)
    code = thread.code
    return {
        "threads": ("get", reverse("desk:threads")),
        "threads-article": ("get", reverse("desk:threads-article", args=[annotation.article.slug])),
        "threads-annotation": ("get", page_of(annotation)),
        "threads-claim": ("get", page_of(make_claim())),
        "comment": ("get", reverse("desk:comment", args=[thread.comments.get().code])),
        "thread-answer": ("post", reverse("desk:thread-answer", args=[code])),
        "thread-resolve": ("post", reverse("desk:thread-resolve", args=[code])),
        "thread-reopen": ("post", reverse("desk:thread-reopen", args=[code])),
    }


@pytest.mark.parametrize("who", ["reporter", "checker", "editor"])
def test_the_desk_opens_all_of_it_but_the_words_of_another(signed_in: SignedIn, rows: None, who: str) -> None:
    client = signed_in(User.objects.get(username=who))
    for name, (method, address) in addresses().items():
        answer = getattr(client, method)(address, {"body": BODY} if method == "post" else {})
        wanted = {"comment": 404}.get(name, 200 if method == "get" else 302)
        assert answer.status_code == wanted, name
        assert answer.status_code == 404 or "no-store" in answer.headers["Cache-Control"]


def test_a_reader_is_sent_to_sign_in_and_one_without_permission_is_refused(
    reader: Client, signed_in: SignedIn
) -> None:
    stranger = signed_in(make_user(is_staff=True))
    before = Comment.objects.count()
    for name, (method, address) in addresses().items():
        before += 1 if name == "threads" else 0  # the thread that `addresses` made
        assert getattr(reader, method)(address).status_code == 302, name
        assert getattr(stranger, method)(address, {"body": BODY}).status_code == 403, name
    assert Comment.objects.count() == before


def test_a_session_that_ended_tells_htmx_where_to_sign_in(reader: Client, annotation: Annotation) -> None:
    here = page_of(annotation)
    answer = reader.post(here, {"body": BODY}, headers=HTMX | {"HX-Current-URL": f"http://testserver{here}"})
    assert answer.status_code == 401
    assert f'?next={quote(here)}"' in answer.content.decode()


def test_what_is_not_there_is_not_found(client: Client) -> None:
    for name in ("threads-annotation", "threads-claim", "comment"):
        assert client.get(reverse(f"desk:{name}", args=["0000000000"])).status_code == 404
    assert client.get(reverse("desk:threads-article", args=["non-esiste"])).status_code == 404
    assert client.get(reverse("desk:threads"), {"who": "nessuno"}).status_code == 404
    assert (
        client.post(reverse("desk:thread-answer", args=["non-un-codice"]), {"body": "a"}).status_code == 404
    )


# A thread, with forms alone


def test_a_form_begins_a_thread_and_leads_back_to_it(client: Client, annotation: Annotation) -> None:
    answer = client.post(page_of(annotation), {"body": BODY})
    written = Comment.objects.get(body=BODY)
    assert (answer.status_code, answer.url) == (302, f"{page_of(annotation)}#comment-{written.code}")
    assert BODY in text_of(client.get(answer.url))


def test_a_form_leads_back_to_the_page_that_it_stood_on_but_never_outside(client: Client) -> None:
    thread = make_thread()
    address = reverse("desk:thread-answer", args=[thread.code])
    inside = client.post(address, {"body": "Sì.", "next": "/desk/articles/ponte/?layer=claims#text"})
    assert inside.url.startswith("/desk/articles/ponte/?layer=claims#comment-")
    for there in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        outside = client.post(address, {"body": "Sì.", "next": there})
        assert outside.url.startswith(page_of(thread.claim))


def test_a_thread_is_resolved_and_reopened_by_forms(client: Client, reporter: User) -> None:
    thread = make_thread()
    for deed, resolved in (("resolve", True), ("resolve", True), ("reopen", False), ("reopen", False)):
        answer = client.post(reverse(f"desk:thread-{deed}", args=[thread.code]))
        assert answer.url == f"{page_of(thread.claim)}#thread-{thread.code}"
        assert Thread.objects.get(pk=thread.pk).is_resolved is resolved


@pytest.mark.parametrize("body", ["", "  \r\n ", "a" * (BODY_LENGTH + 1)])
def test_what_is_refused_is_still_in_its_form_with_the_reason(
    client: Client, annotation: Annotation, body: str
) -> None:
    thread = make_thread(annotation)
    for address, place in (
        (page_of(annotation), ""),
        (reverse("desk:thread-answer", args=[thread.code]), f"thread-{thread.code}"),
    ):
        for headers in ({}, HTMX):
            answer = client.post(address, {"body": body}, headers=headers)
            assert answer.status_code == 422
            [field] = tree(answer).xpath("//textarea[@aria-invalid]")
            assert field.get("id").endswith(f"-form-{place}")
            assert (field.text or "").strip() == body.strip()
            assert faults(answer) == []


def test_of_my_own_comment_a_form_stands_where_it_stands(client: Client, reporter: User) -> None:
    mine = make_comment(by=reporter, body="Chi lo dise?")
    address = reverse("desk:comment", args=[mine.code])
    page = client.get(page_of(mine.thread.claim))
    assert tree(page).xpath(f"//a[starts-with(@href, '{address}')]")
    [field] = tree(client.get(address)).xpath("//textarea[@data-focus]")
    assert field.text.strip() == "Chi lo dise?"

    answer = client.post(address, {"body": "Chi lo dice?"})
    assert answer.url == f"{page_of(mine.thread.claim)}#comment-{mine.code}"
    assert "modificato" in text_of(client.get(answer.url))
    assert client.post(address, {"body": ""}).status_code == 422


def test_nobody_is_offered_to_change_the_words_of_another(client: Client) -> None:
    page = client.get(page_of(make_comment().thread.claim))
    assert not tree(page).xpath(
        "//a[starts-with(@href, '/desk/comments/') and not(contains(@href, '?who'))]"
    )[1:]


# The same with htmx


def test_htmx_gets_the_part_with_the_focus_on_what_is_new(client: Client, annotation: Annotation) -> None:
    begun = client.post(page_of(annotation), {"body": BODY}, headers=HTMX)
    thread = Thread.objects.on(annotation).get()
    assert begun.content.decode().strip().startswith("<section")
    assert focused(begun) == [f"comment-{thread.comments.get().code}"]

    answered = client.post(reverse("desk:thread-answer", args=[thread.code]), {"body": "Lei."}, headers=HTMX)
    assert focused(answered) == [f"comment-{thread.comments.last().code}"]
    for deed in ("resolve", "reopen"):
        turned = client.post(reverse(f"desk:thread-{deed}", args=[thread.code]), headers=HTMX)
        assert focused(turned) == [f"thread-{thread.code}"]
        assert faults(turned) == []


def test_a_pane_that_loads_the_part_keeps_its_own_focus_and_its_own_page(
    client: Client, annotation: Annotation
) -> None:
    make_thread(annotation)
    here = "http://testserver/desk/articles/ponte/tag/?at=3"
    part = client.get(page_of(annotation), headers=HTMX | {"HX-Current-URL": here})
    assert focused(part) == []
    nexts = {field.get("value") for field in tree(part).xpath("//input[@name='next']")}
    assert nexts == {"/desk/articles/ponte/tag/?at=3"}


def test_words_for_a_thread_that_was_resolved_meanwhile_can_reopen_it(
    client: Client, annotation: Annotation, checker: User
) -> None:
    thread = make_thread(annotation, resolved_by=checker)
    address = reverse("desk:thread-answer", args=[thread.code])
    for headers in ({}, HTMX):
        refused = client.post(address, {"body": "Aspettate."}, headers=headers)
        assert refused.status_code == 409
        assert tree(refused).xpath("//textarea[@aria-invalid]")[0].text.strip() == "Aspettate."
        assert "Riapri e rispondi" in text_of(refused)
    posted = dict(tree(refused).xpath("//form[.//textarea[@aria-invalid]]")[0].form_values())
    posted.pop("csrfmiddlewaretoken", None)
    assert client.post(posted and address, posted, headers=HTMX).status_code == 200
    assert not Thread.objects.get(pk=thread.pk).is_resolved
    assert thread.comments.last().body == "Aspettate."


# What is shown


def test_words_are_words_and_names_lead_to_what_mentions_them(client: Client, editor: User) -> None:
    body = "<b>Sì</b> & no\nriga\n\nSecondo @editor, non @nessuno."
    make_comment(thread := make_thread(), body=body, mentions=[editor])
    page = client.get(page_of(thread.claim))
    paragraphs = tree(page).xpath("//li[@class='comment'][last()]/p[@class='comment-words']")
    assert [paragraph.text_content() for paragraph in paragraphs] == body.split("\n\n")
    [link] = paragraphs[1].xpath("./a")
    assert (link.text, link.get("href")) == ("@editor", "/desk/comments/?who=editor")


def test_the_page_says_what_is_commented_on_and_who_can_be_called(
    client: Client, annotation: Annotation, reporter: User
) -> None:
    make_user(username="andata", is_staff=True, is_active=False)
    make_user(username="lettrice")
    page = client.get(page_of(annotation))
    assert "«la sindaca»" in text_of(page) and "Il ponte riapre" in text_of(page)
    names = [option.get("value") for option in tree(page).xpath("//datalist/option")]
    assert names == ["editor", "checker"]
    assert faults(page) == []


def test_resolved_threads_are_kept_apart_and_closed(client: Client, checker: User) -> None:
    thread = make_thread(resolved_by=checker, body="Era una svista.")
    page = client.get(page_of(thread.claim))
    [details] = tree(page).xpath("//details[contains(@id, 'thread-')]")
    assert details.get("open") is None
    assert "Era una svista." in details.text_content() and "Ornella Vismara" in details.text_content()
    assert faults(page) == []


@pytest.mark.parametrize("lang", ["it", "en"])
def test_a_page_is_there_in_both_languages(client: Client, lang: str) -> None:
    thread = make_thread()
    prefix = "" if lang == "it" else "/en"
    page = client.get(f"{prefix}{page_of(thread.claim)}")
    assert ("Nuova discussione" if lang == "it" else "New thread") in text_of(page)


# Lists


def test_the_comments_of_an_article_are_listed_by_their_last_one(client: Client) -> None:
    article = make_article()
    older = make_thread(make_annotation(article, "Il ponte"), body="Il primo.")
    make_thread(make_appearance(article).claim, body="Il secondo.")
    make_thread(make_annotation(make_article(), "Il ponte"), body="Altrove.")
    make_comment(older, at=LATER, body="La risposta.", by=User.objects.get(username="editor"))
    page = client.get(reverse("desk:threads-article", args=[article.slug]))
    said = [line.text_content() for line in tree(page).xpath("//p[@class='thread-words']")]
    assert said == ["Il primo.", "Il secondo."]
    assert "2 commenti, l’ultimo di Livia Scarpato" in text_of(page)
    assert faults(page) == []


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("", ["aperta"]),
        ("open", ["aperta"]),
        ("resolved", ["risolta"]),
        ("all", ["risolta", "aperta"]),
        ("x", ["aperta"]),
    ],
)
def test_a_list_is_filtered_by_the_address(
    client: Client, checker: User, reporter: User, state: str, shown: list[str]
) -> None:
    for word, given in (("aperta", {}), ("risolta", {"resolved_by": checker})):
        thread = make_thread(body=word, **given)
        thread.comments.get().mentions.set([reporter])
    make_thread(body="non mi nomina")
    page = client.get(reverse("desk:threads"), {"state": state} if state else {})
    assert [line.text_content() for line in tree(page).xpath("//p[@class='thread-words']")] == shown
    assert len(tree(page).xpath("//nav[@class='tabs']/a[@aria-current]")) == 1
    assert faults(page) == []


def test_what_mentions_a_colleague_is_listed_under_their_name(client: Client, editor: User) -> None:
    make_thread(body="Che dici?").comments.get().mentions.set([editor])
    page = client.get(reverse("desk:threads"), {"who": "editor"})
    assert "Commenti che nominano Livia Scarpato" in text_of(page)
    assert "Che dici?" in text_of(page)
    assert "who=editor&state=all" in page.content.decode().replace("&amp;", "&")
    assert "Che dici?" not in text_of(client.get(reverse("desk:threads")))


def test_a_long_list_has_pages(client: Client, reporter: User) -> None:
    for _thread in range(21):
        make_thread().comments.get().mentions.set([reporter])
    first, last = (client.get(reverse("desk:threads"), {"page": number}) for number in (1, 2))
    assert [len(tree(page).xpath("//p[@class='thread-words']")) for page in (first, last)] == [20, 1]


@pytest.mark.parametrize("name", ["threads", "threads-article", "threads-annotation", "threads-claim"])
def test_a_page_costs_the_same_for_few_and_for_many(client: Client, reporter: User, name: str) -> None:
    article = make_article()
    appearance = make_appearance(article)
    subjects = {"threads-annotation": [appearance.annotation], "threads-claim": [appearance.claim]}
    address = {
        "threads": reverse("desk:threads"),
        "threads-article": reverse(f"desk:{name}", args=[article.slug]) if name == "threads-article" else "",
    }
    address = address.get(name) or page_of(subjects[name][0])

    def more(number: int) -> None:
        for _time in range(number):
            for subject in subjects.get(name) or [make_annotation(article, "Il ponte"), appearance.claim]:
                thread = make_thread(subject)
                make_comment(thread, body="@reporter @editor", mentions=[reporter, make_user()])
                make_thread(subject, resolved_by=reporter).comments.get().mentions.set([reporter])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, {"state": "all"}).status_code == 200
        return len(queries)

    more(1)
    few = cost()
    more(6)
    assert cost() == few <= 12


# Notices go out with the form


def test_who_is_called_by_a_form_gets_mail_at_once(client: Client, annotation: Annotation) -> None:
    client.post(page_of(annotation), {"body": BODY})
    [letter] = mail.outbox
    assert letter.to == ["editor@redazione.example"]
    assert Notice.objects.get().state == "sent"


def test_the_desk_says_how_many_open_threads_mention_me(
    client: Client, reporter: User, checker: User
) -> None:
    assert "ti nomina" not in text_of(client.get(reverse("desk:home")))
    for given in ({}, {}, {"resolved_by": checker}):
        make_thread(**given).comments.get().mentions.set([reporter, checker])
    comments.comment(make_claim(), body="@reporter", by=checker, at=now())
    page = client.get(reverse("desk:home"))
    [link] = tree(page).xpath("//li[@class='line-words']/a[@href='/desk/comments/']")
    assert link.text_content() == "3 discussioni aperte ti nominano."
    assert "ha commentato" in text_of(page)
