"""Known claims are read by the embedding model that is named, and claims are matched by it besides."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from pytest_django import Settings

from newsroom.actions.erasure import redact
from newsroom.models import Claim, ClaimEntry, User
from newsroom.presenters import condition, matched, meanings
from newsroom.presenters.matched import SURE, matched_claims
from newsroom.tasks.embedding import embed_claims, embed_soon
from tests.hashed_embedder import Hashed
from tests.making import make_claim

pytestmark = pytest.mark.django_db

DAM = "La diga di Ridracoli fornisce acqua a cinquanta comuni della Romagna."
ASKED = "La diga romagnola: acqua fornita a cinquanta comunità?"


@pytest.fixture
def hashed(settings: Settings) -> None:
    settings.EMBEDDINGS = "tests.hashed_embedder:Hashed"


@pytest.fixture(autouse=True)
def nothing_failed() -> None:
    meanings._failed.clear()
    matched._kept_vectors.clear()


def embeds() -> str:
    said = StringIO()
    call_command("embed_claims", stdout=said, verbosity=0)
    return said.getvalue().strip()


def vector_of(claim: Claim) -> str:
    """The model that it has a vector of."""
    entry = ClaimEntry.objects.get(row=claim)
    assert (entry.vector is None) is (entry.vector_of == "")
    return entry.vector_of


def found(asked: str = ASKED) -> list[Claim]:
    return [one.claim for one in matched_claims(asked, "it", among=Claim.objects.all(), most=40)]


# Read


@pytest.mark.usefixtures("hashed")
def test_every_claim_is_read_once_in_all_its_wordings() -> None:
    claim, other = make_claim(text=DAM), make_claim(text="The dam is closed.", lang="en")
    claim.wordings.create(lang="en", text="The dam supplies fifty towns.")
    assert embeds() == f"hashed 1.0/2/256: {Claim.objects.count()} claims read."
    assert [vector_of(one) for one in (claim, other)] == ["hashed 1.0/2/256"] * 2
    assert embeds() == "hashed 1.0/2/256: 0 claims read."


@pytest.mark.usefixtures("hashed")
def test_when_its_words_change_it_waits_again() -> None:
    claim = make_claim(text=DAM)
    embeds()
    claim.text = "La diga è chiusa."
    claim.save()
    assert vector_of(claim) == ""
    embeds()
    assert vector_of(claim) == "hashed 1.0/2/256"
    claim.wordings.create(lang="en", text="The dam is closed.")
    assert vector_of(claim) == ""


@pytest.mark.usefixtures("hashed")
def test_a_vector_of_older_words_is_not_kept() -> None:
    claim = make_claim(text=DAM)
    older = ClaimEntry.objects.get(row=claim)
    claim.text = "La diga è chiusa."
    claim.save()
    assert ClaimEntry.keep_vectors("hashed 1.0/2/256", {(older.place, older.title): b"\0" * 512}) == 0
    assert vector_of(claim) == ""


@pytest.mark.usefixtures("hashed")
def test_what_an_erasure_took_has_no_vector(editor: User, settings: Settings, tmp_path: Path) -> None:
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    claim = make_claim(text="Mario Bianchi ha venduto la diga di Ridracoli.")
    embeds()
    redact(["Mario Bianchi"], reason="Richiesta.", by=User.objects.get(pk=editor.pk), at=now())
    claim.refresh_from_db()
    assert "Bianchi" not in claim.text
    assert vector_of(claim) == ""


def test_another_model_or_version_reads_all_anew(settings: Settings, hashed: None) -> None:
    claim = make_claim(text=DAM)
    embeds()
    settings.EMBEDDINGS = "tests.hashed_embedder:Newer"
    assert embeds() == f"hashed 2.0/2/256: {Claim.objects.count()} claims read."
    assert vector_of(claim) == "hashed 2.0/2/256"


@pytest.mark.usefixtures("hashed")
def test_a_worker_reads_them_and_a_request_never_does(settings: Settings) -> None:
    claim = make_claim(text=DAM)
    settings.HAS_WORKER = False
    embed_soon()
    assert vector_of(claim) == ""
    settings.HAS_WORKER = True
    embed_soon()
    assert vector_of(claim) == "hashed 1.0/2/256"


@pytest.mark.usefixtures("hashed")
def test_the_search_finds_what_it_found_before_and_its_index_stays_sound() -> None:
    claim = make_claim(text=DAM)
    embeds()
    assert list(Claim.objects.search("ridracoli")) == [claim]
    call_command("rebuild_search", "--check", verbosity=0)


# Matched


@pytest.fixture
def many() -> tuple[Claim, Claim]:
    """Two claims with the same two words of the sentence, one of which is written like it, among others."""
    like = make_claim(text="Acqua romagnola: la diga ne fornisce alla comunità.")
    unlike = make_claim(text="Acqua e diga: dossier.")
    for number in range(6):
        make_claim(text=f"Acqua e diga, capitolo {number} di un libro sulle montagne.")
    return like, unlike


@pytest.mark.usefixtures("hashed")
def test_what_means_the_same_comes_further_up_and_no_claim_is_lost(
    many: tuple[Claim, Claim],
) -> None:
    like, unlike = many
    by_words = found()
    embeds()
    by_meaning = found()
    assert set(by_words) <= set(by_meaning)
    assert by_meaning[0] == like
    assert by_meaning.index(like) <= by_words.index(like)
    assert by_meaning.index(unlike) >= by_words.index(unlike)


@pytest.mark.usefixtures("hashed")
def test_what_shares_no_word_is_offered_to_the_desk_and_not_told_to_readers(
    many: tuple[Claim, Claim],
) -> None:
    told_otherwise = make_claim(text="Vicepresidentessa, supercampionessa, arcitraditrice.")
    asked = "La presidentessa campionessa traditrice"
    assert told_otherwise not in found(asked)
    embeds()
    among = Claim.objects.all()
    [first, *_others] = matched_claims(asked, "", among=among)
    assert first.claim == told_otherwise
    with translation.override("en"):
        assert first.shared == "the meaning, as far as a model can tell"
    assert matched_claims(asked, "", among=among, least=SURE) == []
    assert matched_claims(asked, "", among=among.exclude(pk=told_otherwise.pk))[:1] != [first]


@pytest.mark.usefixtures("hashed")
def test_vectors_of_another_model_are_compared_with_nothing(
    many: tuple[Claim, Claim], settings: Settings
) -> None:
    by_words = found()
    embeds()
    settings.EMBEDDINGS = "tests.hashed_embedder:Newer"
    assert found() == by_words


def test_where_none_is_named_nothing_is_asked(many: tuple[Claim, Claim], settings: Settings) -> None:
    counted = []
    for named in ("", "tests.hashed_embedder:Hashed"):
        settings.EMBEDDINGS = named
        with CaptureQueriesContext(connection) as queries:
            found()
        counted.append(len(queries))
    # The newest vectors, and those of what is compared.
    assert counted[1] == counted[0] + 2


# Not to be had


@pytest.mark.parametrize("name", ["no_such_package:Model", *(f"tests.hashed_embedder:{one}" for one in (
    "Failing", "Short", "Unsound", "Nameless"))])  # fmt: skip
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning", "ignore:invalid value:RuntimeWarning")
def test_where_it_cannot_be_had_words_match_the_pages_answer_and_it_is_said(
    name: str,
    many: tuple[Claim, Claim],
    settings: Settings,
    client: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    by_words = found()
    settings.EMBEDDINGS = name
    assert found() == by_words
    assert client.get(reverse("reader:checked"), {"q": ASKED}).status_code == 200
    assert len([said for said in caplog.messages if "claims are matched by words" in said]) == 1
    with pytest.raises(CommandError, match=name):
        embeds()
    assert embed_claims.call() == 0
    with translation.override("en"):
        [told] = [one for one in condition.examine(at=now()) if one.name == "embeddings"]
    assert (told.state, name in told.said) == (condition.WARN, True)
    assert "CONTROLUCE_EMBEDDINGS" in told.todo


def test_without_a_model_there_is_nothing_to_read(settings: Settings) -> None:
    settings.EMBEDDINGS = ""
    make_claim(text=DAM)
    with pytest.raises(CommandError, match="CONTROLUCE_EMBEDDINGS"):
        embeds()
    assert embed_claims.call() == 0
    assert [one.state for one in condition.examine(at=now()) if one.name == "embeddings"] == ["skipped"]


def test_many_claims_that_wait_are_for_the_doctor(hashed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    make_claim(text=DAM)
    monkeypatch.setattr(condition, "WAITING_CLAIMS", 0)
    [told] = [one for one in condition.examine(at=now()) if one.name == "embeddings"]
    assert (told.state, "embed_claims" in told.todo) == (condition.WARN, True)
    embeds()
    [told] = [one for one in condition.examine(at=now()) if one.name == "embeddings"]
    assert (told.state, told.said.startswith(Hashed.name)) == (condition.OK, True)
