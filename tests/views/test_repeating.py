"""What a program sends twice under one `Idempotency-Key` is done once, and answered the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import now

from newsroom.actions import erasure
from newsroom.models import Annotation, Claim, Deed, Document, KeptAnswer, User
from newsroom.views import repeating
from tests.making import LATER, make_article, make_entity, make_kept_answer, make_token

pytestmark = pytest.mark.django_db

SECRET = "ctl_" + "r" * 43
CLAIM = {"text": "Il ponte è lungo «così» è largo.", "lang": "it"}
KEY = "una-chiave"


@pytest.fixture
def program(reporter: User) -> Client:
    make_token(SECRET, user=reporter)
    return Client(headers={"Authorization": f"Bearer {SECRET}"})


def send(
    client: Client, body: Any = None, *, path: str = "/api/v1/claims", key: str = KEY, **more: str
) -> Any:
    return client.post(
        path, body or CLAIM, content_type="application/json", headers={"Idempotency-Key": key} | more
    )


def test_the_same_again_is_answered_the_same_and_written_once(program: Client) -> None:
    began = now()
    first, again = send(program), send(program)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    for name in ("Content-Type", "Content-Language", "Cache-Control", "Access-Control-Allow-Origin", "Vary"):
        assert first[name] == again[name]
    assert "Idempotency-Replayed" not in first and again["Idempotency-Replayed"] == "true"
    assert Claim.objects.filter(text=CLAIM["text"]).count() == 1
    assert Deed.objects.filter(verb="claim.add", at__gte=began).count() == 1


def test_without_a_key_or_with_another_one_it_is_written_again(program: Client) -> None:
    send(program)
    send(program, key="un-altra")
    program.post("/api/v1/claims", CLAIM, content_type="application/json")
    assert Claim.objects.filter(text=CLAIM["text"]).count() == 3
    assert KeptAnswer.objects.count() == 2


def test_something_else_under_the_same_key_is_refused(program: Client) -> None:
    send(program)
    document = {"title": "Bilancio", "kind": "report", "lang": "it"}
    for answer in (
        send(program, CLAIM | {"lang": "en"}),
        send(program, document, path="/api/v1/documents"),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
        assert answer.json()["code"] == "idempotency_key_reused"
    assert Claim.objects.filter(text=CLAIM["text"]).count() == 1
    assert not Document.objects.filter(title="Bilancio").exists()


def test_what_was_refused_is_not_kept_and_may_be_sent_better(program: Client) -> None:
    assert send(program, {"text": ""}).status_code == 422
    assert not KeptAnswer.objects.exists()
    assert send(program).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "due parole", "è"])
def test_a_key_that_is_none_is_refused(program: Client, key: str) -> None:
    answer = send(program, key=key.encode().decode("latin-1"))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert not Claim.objects.filter(text=CLAIM["text"]).exists()


def test_each_token_has_its_own_keys(program: Client, editor: User) -> None:
    make_token("ctl_" + "e" * 43, user=editor)
    other = Client(headers={"Authorization": f"Bearer ctl_{'e' * 43}"})
    assert send(program).json()["id"] != send(other).json()["id"]


def test_a_token_that_is_none_is_told_nothing(program: Client) -> None:
    send(program)
    assert send(Client()).status_code == 401
    assert send(Client(), Authorization="Bearer ctl_no").status_code == 401


def test_reading_knows_no_key(program: Client) -> None:
    answer = program.get("/api/v1/claims", headers={"Idempotency-Key": KEY})
    assert answer.status_code == 200 and not KeptAnswer.objects.exists()


def test_after_a_day_the_key_is_free_again(program: Client) -> None:
    send(program)
    KeptAnswer.objects.update(at=now() - timedelta(hours=24))
    assert "Idempotency-Replayed" not in send(program)
    assert Claim.objects.filter(text=CLAIM["text"]).count() == 2
    assert KeptAnswer.objects.count() == 1


def test_a_change_that_was_done_is_not_told_that_somebody_was_faster(program: Client) -> None:
    article = make_article()
    body = {
        "article": str(article.uuid),
        "based_on": 1,
        "kind": "mention",
        "entities": [str(make_entity().uuid)],
        "places": [{"start": 0, "end": 8, "exact": "Il ponte"}],
    }
    made = send(program, body, path="/api/v1/annotations")
    assert made.status_code == 201
    path, seen = f"/api/v1/annotations/{made.json()['id']}/withdraw", {"If-Match": made["ETag"]}
    gone = [send(program, {"reason": "Doppia."}, path=path, key="via", **seen) for _ in range(2)]
    assert [answer.status_code for answer in gone] == [204, 204]
    assert [answer.content for answer in gone] == [b"", b""]
    assert Deed.objects.filter(verb="annotation.withdraw").count() == 1


# Web Annotations


def test_an_annotation_that_is_sent_twice_stands_once(program: Client) -> None:
    article, entity = make_article(), make_entity()
    sent = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "motivation": "identifying",
        "body": {"id": f"http://testserver{entity.get_absolute_url()}"},
        "target": {
            "source": f"http://testserver{article.get_absolute_url()}",
            "selector": {"type": "TextQuoteSelector", "exact": "la sindaca"},
        },
    }
    first, again = (send(program, sent, path="/annotations/") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert first.json() == again.json()
    for name in ("Location", "ETag", "Link", "Allow", "Accept-Post", "Content-Type"):
        assert first[name] == again[name]
    assert article.annotations.count() == 1
    changed = send(program, sent | {"motivation": "classifying"}, path="/annotations/")
    assert changed.status_code == 422
    # A second time it is gone already, and that is what was wanted.
    path = first["Location"].removeprefix("http://testserver")
    headers = {"If-Match": first["ETag"], "Idempotency-Key": "via"}
    assert [program.delete(path, headers=headers).status_code for _ in range(2)] == [204, 204]
    assert program.delete(path, headers=headers | {"Idempotency-Key": "altra"}).status_code == 410
    assert send(Client(), sent, path="/annotations/").status_code == 401
    assert Annotation.objects.get(uuid=path.rpartition("/")[2]).state == Annotation.State.WITHDRAWN


# What is kept of it


def test_neither_key_nor_body_can_be_read_in_the_row(program: Client) -> None:
    send(program)
    row = KeptAnswer.objects.get()
    assert len(row.key) == len(row.sent) == 64
    assert KEY not in str(row.__dict__) and CLAIM["text"] not in row.sent


def test_words_that_are_erased_go_from_the_answers(program: Client, editor: User) -> None:
    send(program)
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    by = User.objects.get(pk=editor.pk)
    erasure.redact(["ponte è lungo"], reason="Sentenza.", by=by, at=LATER)
    assert "ponte è lungo" not in str(KeptAnswer.objects.get().body)
    assert "ponte è lungo" not in send(program).json()["text"]


def test_the_command_takes_what_is_a_day_old(capsys: pytest.CaptureFixture[str]) -> None:
    make_kept_answer(at=now() - timedelta(hours=25))
    fresh = make_kept_answer(at=now() - timedelta(hours=23))
    call_command("enforce_retention")
    assert list(KeptAnswer.objects.all()) == [fresh]
    assert "1 answers to programs gone." in capsys.readouterr().out


def test_where_the_answer_cannot_be_kept_nothing_is_written(
    program: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(repeating, "_keep", fails)
    with pytest.raises(RuntimeError):
        send(program)
    assert not Claim.objects.filter(text=CLAIM["text"]).exists()
    monkeypatch.undo()
    assert send(program).status_code == 201
