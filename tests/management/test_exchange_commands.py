"""`export_texts` and `import_texts`."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from newsroom.actions import articles
from newsroom.formats.exchanges import FORMATS
from newsroom.models import Annotation, Article, User
from tests.formats import feeds_made
from tests.formats.test_exchanges import BOTH_WAYS

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: object, **options: object) -> str:
    said = io.StringIO()
    call_command(name, *map(str, arguments), stdout=said, verbosity=0, **options)
    return said.getvalue()


@pytest.mark.parametrize("key", BOTH_WAYS)
def test_what_was_exported_is_imported_and_what_is_lost_is_said(
    key: str, tmp_path: Path, editor: User
) -> None:
    file = tmp_path / "corpus"
    slug = Article.objects.get().slug
    said = run("export_texts", file, "--format", key, "--article", slug)
    assert f"{file}: 1 articles" in said
    if key not in ("cas", "label-studio", "conllu"):
        assert "lost: " in said
    before = Annotation.objects.count()
    said = run("import_texts", file, "--format", key, "--by", editor.username)
    again = run("import_texts", file, "--format", key, "--by", editor.username)
    assert "0 articles made, 0 tagged, 1 unchanged; 0 annotations" in again
    if key != "conll2003":
        assert "0 articles made" in said
    else:
        assert "1 articles made" in said and Annotation.objects.count() > before


def test_an_unknown_article_or_person_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such article: niente"):
        run("export_texts", tmp_path / "a", "--format", "brat", "--article", "niente")
    with pytest.raises(CommandError, match="nobody"):
        run("import_texts", tmp_path / "a", "--format", "brat", "--by", "niente")


def test_an_interrupted_export_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "corpus"
    file.write_bytes(b"prima")

    def interrupted(texts, losses):
        yield b"meta"
        raise KeyboardInterrupt

    exchange = FORMATS["doccano"]
    monkeypatch.setitem(FORMATS, "doccano", replace(exchange, write=interrupted))
    with pytest.raises(CommandError, match="Interrupted"):
        run("export_texts", file, "--format", "doccano")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"prima"]


def test_a_bad_file_is_said_and_nothing_is_stored(tmp_path: Path, editor: User) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"id": "buono", "text": "Il ponte."}\n{"text": "a", "label": [[0, 9, "x"]]}\n')
    with pytest.raises(CommandError, match="Nothing was stored"):
        run("import_texts", file, "--format", "doccano", "--by", editor.username)
    assert Article.objects.count() == 1
    with pytest.raises(CommandError, match="is not there"):
        run("import_texts", tmp_path / "b", "--format", "doccano", "--by", editor.username)


def test_an_export_of_wordpress_comes_in_and_again_without_doubles(tmp_path: Path, editor: User) -> None:
    file = tmp_path / "faro.xml"
    file.write_bytes(feeds_made.wxr(*map(feeds_made.post, range(250))))
    said = run("import_texts", file, "--format", "wxr", "--by", editor.username, "--rights", "ours")
    assert "250 articles made, 0 tagged, 0 unchanged" in said and "lost: " in said
    article = Article.objects.get(slug="ponte-7")
    assert (article.headline, article.published_at, article.rights) == ("Il ponte 7", None, "ours")
    articles.revise(
        article, html="<p>Riveduto.</p>", kind="minor", note="Refuso", by=editor, at=now(), based_on=1
    )
    said = run("import_texts", file, "--format", "wxr", "--by", editor.username)
    assert "0 articles made, 0 tagged, 249 unchanged" in said
    assert "left alone: Il ponte 7 (ponte-7)" in said and "already here: Il ponte 8 (ponte-8)" in said
    assert Article.objects.count() == 251
    article.refresh_from_db()
    assert article.current_revision.text == "Riveduto."


def test_an_interrupted_import_keeps_what_is_whole_and_goes_on(
    tmp_path: Path, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "faro.xml"
    file.write_bytes(feeds_made.wxr(*map(feeds_made.post, range(150))))
    exchange, times = FORMATS["wxr"], iter(range(10))

    def interrupted(reading, losses):
        second = next(times) == 1
        for number, text in enumerate(exchange.read(reading, losses)):
            if second and number == 120:
                raise KeyboardInterrupt
            yield text

    monkeypatch.setitem(FORMATS, "wxr", replace(exchange, read=interrupted))
    with pytest.raises(CommandError, match=r"Interrupted. 100 articles are stored"):
        run("import_texts", file, "--format", "wxr", "--by", editor.username)
    said = run("import_texts", file, "--format", "wxr", "--by", editor.username)
    assert "50 articles made, 0 tagged, 100 unchanged" in said


def test_a_post_that_is_wrong_keeps_out_all_of_them(tmp_path: Path, editor: User) -> None:
    file = tmp_path / "faro.xml"
    file.write_bytes(feeds_made.wxr(*map(feeds_made.post, range(150)), feeds_made.post(3)))
    with pytest.raises(CommandError, match="Nothing was stored"):
        run("import_texts", file, "--format", "wxr", "--by", editor.username)
    assert Article.objects.count() == 1


def test_the_public_list_of_claims_is_written_as_a_table(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    assert f"{file}: 44 claims" in run("export_claims", file)
    assert len(list(csv.reader(file.read_text("utf-8-sig").splitlines(), delimiter=";"))) == 45
    said = run("export_claims", file, "--language", "en", "--filter", "?rating=unchecked")
    assert f"{file}: 0 claims" in said
    assert list(csv.reader(file.read_text("utf-8-sig").splitlines()))[0][:2] == ["Code", "Claim"]
    with pytest.raises(CommandError, match="Not understood: colore"):
        run("export_claims", file, "--filter", "colore=rosso")
    with pytest.raises(CommandError, match="cannot be written"):
        run("export_claims", tmp_path / "a" / "b.csv")
