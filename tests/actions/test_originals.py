"""Originals: what is brought is kept whole or not at all, and one article is made of it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection, transaction

from config import settings as site
from newsroom.actions import articles, originals
from newsroom.actions.refusals import Refused
from newsroom.models import Article, Deed, Original, Picture, User
from tests.making import HTML, LATER, image, make_original, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "https://giornale.example/ponte"
DRAFT = {"html": HTML}


def files() -> set[str]:
    return {
        f"{folder}/{name}"
        for folder in ("originals", "pictures")
        if default_storage.exists(folder)
        for name in default_storage.listdir(folder)[1]
    }


def a_picture() -> Picture:
    return Picture(width=80, height=60, file=ContentFile(image(), name="p"))


def receive(**given: Any) -> Original:
    return originals.receive(**({"kind": "paste", "by": make_user(is_superuser=True), "at": LATER} | given))


def test_a_paste_is_kept_as_it_came_and_is_ready(reporter: User) -> None:
    body = "Perché il ponte è chiuso.".encode("latin-1")
    kept = receive(body=body, draft=DRAFT, content_type="text/plain", by=reporter)
    kept.refresh_from_db()
    assert (kept.state, kept.by, kept.at, kept.draft) == ("ready", reporter, LATER, DRAFT)
    assert kept.file.open().read() == body
    assert (kept.sha256, kept.size) == (hashlib.sha256(body).hexdigest(), len(body))


def test_the_name_that_a_file_had_is_no_name_of_ours() -> None:
    kept = receive(kind="file", body=b"Il ponte.", draft=DRAFT, file_name="../../etc/passwd.txt")
    assert kept.file_name == "../../etc/passwd.txt"
    assert kept.file.name == f"originals/{kept.uuid}"


def test_an_address_waits_and_is_read() -> None:
    kept = receive(kind="address", address=ADDRESS)
    assert (kept.state, kept.draft, kept.file.name) == ("waiting", None, "")
    read = originals.read_done(
        kept, draft=DRAFT, body=b"<p>Il ponte.", content_type="text/html", by=kept.by, at=LATER
    )
    assert (read.state, read.draft, read.content_type) == ("ready", DRAFT, "text/html")
    assert read.file.open().read() == b"<p>Il ponte."


def test_a_paste_may_wait_for_its_pictures() -> None:
    kept = receive(body=b"Il ponte.", draft=DRAFT, waits=True, pictures=[a_picture()])
    assert (kept.state, kept.draft, kept.pictures.count()) == ("waiting", DRAFT, 1)
    read = originals.read_done(kept, draft={"html": "<p>b</p>"}, pictures=[a_picture()], by=kept.by, at=LATER)
    assert (read.state, read.draft["html"], read.pictures.count()) == ("ready", "<p>b</p>", 2)
    assert read.file.open().read() == b"Il ponte."


def test_what_cannot_be_fetched_says_why() -> None:
    kept = originals.failed(
        receive(kind="address", address=ADDRESS),
        message="Non risponde.",
        by=make_user(is_superuser=True),
        at=LATER,
    )
    assert (kept.state, kept.message, kept.draft) == ("failed", "Non risponde.", None)


@pytest.mark.parametrize("state", ["ready", "failed", "used"])
def test_what_does_not_wait_is_not_read_again(state: str, reporter: User) -> None:
    """Two workers took it up: the second one finds it done."""
    kept = receive(kind="address", address=ADDRESS)
    if state == "failed":
        originals.failed(kept, message="Non risponde.", by=reporter, at=LATER)
    else:
        originals.read_done(kept, draft=DRAFT, body=b"a", by=reporter, at=LATER)
    if state == "used":
        articles.create(html=HTML, headline="Il ponte", original=kept, by=reporter, at=LATER)
    before, count = files(), Deed.objects.count()
    with pytest.raises(Refused):
        originals.read_done(kept, draft={}, body=b"b", pictures=[a_picture()], by=reporter, at=LATER)
    with pytest.raises(Refused):
        originals.failed(kept, message="Tardi.", by=reporter, at=LATER)
    assert (files(), Deed.objects.count()) == (before, count)
    kept.refresh_from_db()
    assert kept.state == state


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "address", "address": "nonsense"},
        {"kind": "address"},
        {"kind": "odd"},
        {"file_name": "a" * 300},
    ],
)
def test_what_is_refused_leaves_no_row_and_no_file(given: dict[str, Any]) -> None:
    before = files()
    with pytest.raises(ValidationError):
        receive(**({"body": b"Il ponte.", "draft": DRAFT, "pictures": [a_picture()]} | given))
    assert (files(), Original.objects.count(), Picture.objects.count()) == (before, 0, 0)


def test_a_picture_that_cannot_be_kept_takes_everything_with_it() -> None:
    before = files()
    faulty = Picture(width=None, height=60, file=ContentFile(b"a", name="p"))
    with pytest.raises(ValidationError):
        receive(body=b"Il ponte.", draft=DRAFT, pictures=[a_picture(), faulty])
    assert (files(), Original.objects.count(), Picture.objects.count()) == (before, 0, 0)


def test_a_record_that_cannot_be_written_takes_the_files_with_it() -> None:
    statement = {
        "sqlite": "CREATE TRIGGER full BEFORE INSERT ON newsroom_deed BEGIN SELECT RAISE(ABORT, 'full'); END",
        "postgresql": "ALTER TABLE newsroom_deed ADD CHECK (verb <> 'original.receive') NOT VALID",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement)
    before = files()
    with pytest.raises(DatabaseError), transaction.atomic():
        receive(body=b"Il ponte.", draft=DRAFT, pictures=[a_picture()])
    assert (files(), Original.objects.count()) == (before, 0)


# Made into an article


def test_an_article_keeps_what_it_was_made_of(reporter: User) -> None:
    kept = make_original()
    article = articles.create(html=HTML, headline="Il ponte", original=kept, by=reporter, at=LATER)
    kept.refresh_from_db()
    assert (kept.state, kept.article) == ("used", article)
    assert list(article.originals.all()) == [kept]
    assert Deed.objects.get(article=article).objects_touched == [
        ["article", str(article.uuid)],
        ["original", str(kept.uuid)],
    ]


def test_one_article_is_made_of_it(reporter: User) -> None:
    kept = make_original()
    articles.create(html=HTML, headline="Il ponte", original=kept, by=reporter, at=LATER)
    for original in (kept, make_original(state="waiting"), make_original(state="failed", message="No.")):
        count = Article.objects.count()
        with pytest.raises(Refused) as refused:
            articles.create(html=HTML, headline="Un altro", original=original, by=reporter, at=LATER)
        assert (refused.value.code, Article.objects.count()) == ("used", count)


def test_an_article_that_is_refused_leaves_the_original_ready(reporter: User) -> None:
    kept = make_original()
    with pytest.raises(ValidationError):
        articles.create(html=" ", headline="Il ponte", original=kept, by=reporter, at=LATER)
    kept.refresh_from_db()
    assert (kept.state, kept.article) == ("ready", None)


# Kept


def test_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    """With the storage that the site has when nobody tests it."""
    storage = FileSystemStorage(tmp_path / "media", **site.STORAGES["default"]["OPTIONS"])
    name = storage.save("originals/a", ContentFile(b"Il ponte."))
    assert (tmp_path / "media" / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "media" / "originals").stat().st_mode & 0o777 == 0o700
