"""A dossier tells a claim as it stood at a moment, and of confidential sources nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now
from pytest_django import Settings

from newsroom.actions import evidence, reviews
from newsroom.formats.copies import ending
from newsroom.formats.dossier import verify
from newsroom.models import Claim, ConfidentialSource, Newsroom, Source, User
from newsroom.presenters.dossier import DossierPage, dossier_page
from tests.making import (
    make_appearance,
    make_attribution,
    make_check,
    make_claim,
    make_comment,
    make_copy,
    make_document,
    make_evidence,
    make_request,
    make_review,
    make_source,
    make_thread,
)

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
CANARY = "Nerina Sottovoce"


def then(claim: Claim, at=None) -> DossierPage:
    return dossier_page(claim, at=at or now(), newsroom=Newsroom.objects.current(), ending=ending)


def files(client: Client, claim: Claim, **query: str) -> dict[str, bytes]:
    answer = client.get(reverse("desk:claim-dossier", args=[claim.code]), query)
    assert answer.headers["Content-Type"] == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_rating_is_told_as_it_was(checker: User, editor: User) -> None:
    first = make_review(make_appearance())
    make_evidence(first.claim)
    before = now()
    assert then(first.claim).current.review == first
    second = reviews.propose(
        first.claim, level=first.level, summary="Un’altra.", by=checker, at=now(), appearance=first.appearance
    )
    first.claim.refresh_from_db()
    first.claim.accuses = "no"
    first.claim.save()
    reviews.publish(second, by=editor, at=now())
    assert then(first.claim).current.review.pk == second.pk
    assert then(first.claim, before).current.review.pk == first.pk
    assert len(then(first.claim, before).reviews) == 1


def test_evidence_is_told_as_it_was(reporter: User) -> None:
    item = make_evidence(make_claim(), quotation="Aperto.")
    before = now()
    evidence.change(item, changes={"quotation": "Chiuso."}, by=reporter, at=now(), row_version=1)
    changed = now()
    evidence.withdraw(item, reason="Falso.", by=reporter, at=now(), row_version=2)
    later = make_evidence(item.claim)
    assert [line.item.quotation for line in then(item.claim, before).evidence] == ["Aperto."]
    assert [line.item.quotation for line in then(item.claim, changed).evidence] == ["Chiuso."]
    assert [line.item.pk for line in then(item.claim).evidence] == [later.pk]


def test_evidence_is_told_under_the_claim_where_it_stood_then() -> None:
    item, joined = make_evidence(make_claim()), make_claim()
    left, before = item.claim, now()
    item.claim = joined
    item.save()
    assert [line.item.pk for line in then(left, before).evidence] == [item.pk]
    assert then(joined, before).evidence == ()
    assert (then(left).evidence, [line.item.pk for line in then(joined).evidence]) == ((), [item.pk])


def test_what_was_not_there_yet_is_not_told() -> None:
    claim = make_claim()
    assert then(claim, now() - timedelta(days=1)) is None


def test_a_row_without_history_was_always_as_it_is() -> None:
    claim = Claim.objects.filter(reviews__state="published").first()
    assert then(claim, now()).current is not None


def test_copies_go_along_where_their_rights_allow_it(signed_in: SignedIn, reporter: User) -> None:
    claim = make_claim()
    for rights in ("ours", "licensed", "quotation", "demo"):
        document = make_document(url="https://a.example/", rights=rights)
        make_evidence(claim, document=document)
        make_copy(document, text=f"Il testo, {rights}.")
        make_check(document)
    packed = files(signed_in(reporter), claim)
    copies = {body.decode() for name, body in packed.items() if name.startswith("copies/")}
    assert copies == {"Il testo, ours.", "Il testo, licensed."}
    assert packed["page.html"].decode().count("SHA-256") == 4


def test_it_is_signed_and_proved_by_a_command(
    signed_in: SignedIn, reporter: User, settings: Settings, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    review = make_review(make_appearance())
    answer = signed_in(reporter).get(reverse("desk:claim-dossier", args=[review.claim.code]))
    assert (
        verify(answer.content, settings.SIGNING_KEY.public_key()).about["claim"]["text"] == review.claim.text
    )
    file = tmp_path / "dossier.zip"
    file.write_bytes(answer.content)
    call_command("verify_dossier", file)
    assert "Proved" in capsys.readouterr().out
    file.write_bytes(answer.content[:-9] + b"123456789")
    with pytest.raises(CommandError, match="Not proved"):
        call_command("verify_dossier", file)
    with pytest.raises(CommandError):
        call_command("verify_dossier", tmp_path / "altrove.zip")


def test_without_a_key_none_is_signed(signed_in: SignedIn, reporter: User, settings: Settings) -> None:
    settings.SIGNING_KEY = None
    answer = signed_in(reporter).get(reverse("desk:claim-dossier", args=[make_claim().code]))
    assert answer.status_code == 422
    assert "chiave" in answer.content.decode()


@pytest.mark.parametrize("day", ["ieri", "2020-01-01", "2999-01-01", ""])
def test_a_day_that_is_none_or_was_not_is_said_beside_its_field(
    day: str, signed_in: SignedIn, reporter: User
) -> None:
    answer = signed_in(reporter).get(reverse("desk:claim-dossier", args=[make_claim().code]), {"date": day})
    assert answer.status_code == 422


def test_requests_and_answers_are_told() -> None:
    request = make_request(answer="Non è vero.", answered_at=now())
    [told] = then(request.claim).requests
    assert (told.asked, told.answer) == (request.asked, "Non è vero.")


@pytest.mark.parametrize(
    "given",
    [{"desk_only": True}, {"pseudonymous": True}, {}],
    ids=["for the desk", "by a pseudonym", "confidential"],
)
def test_of_a_confidential_source_nothing_goes_out(
    given: dict[str, bool], signed_in: SignedIn, editor: User
) -> None:
    """Neither its name, nor what it may be called, nor what it said, nor what the desk notes."""
    source = make_source(name="Una fonte sottovoce", role_note=CANARY, **given)
    ConfidentialSource.objects.create(
        source=source, real_name=CANARY, contact=CANARY, note=CANARY, reason=CANARY
    )
    appearance = make_appearance()
    claim = appearance.claim
    claim.claimant, claim.note, claim.check_reason = source, CANARY, CANARY
    claim.save()
    make_attribution(appearance.annotation.article, source=source, claim=claim, note=CANARY)
    make_evidence(claim, document=make_document(note=CANARY, date_note=CANARY), note=CANARY)
    make_review(appearance, changes_note=CANARY)
    make_request(claim=claim, source=source, asked=CANARY, answer=CANARY, answered_at=now())
    make_comment(make_thread(on=claim), body=CANARY)
    packed = files(signed_in(editor), claim, date=str(localdate()))
    for name, body in packed.items():
        told = body.decode("utf-8", "replace")
        assert CANARY not in told, name
        assert "sottovoce" not in told, name
    assert Source.objects.filter(name="Una fonte sottovoce").exists()
