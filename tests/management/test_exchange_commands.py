"""`export_texts` and `import_texts`."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from newsroom.formats.exchanges import FORMATS
from newsroom.models import Annotation, Article, User

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: object, **options: object) -> str:
    said = io.StringIO()
    call_command(name, *map(str, arguments), stdout=said, verbosity=0, **options)
    return said.getvalue()


@pytest.mark.parametrize("key", FORMATS)
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
    monkeypatch.setitem(
        FORMATS, "doccano", type(exchange)(exchange.key, "", "", "", interrupted, exchange.read)
    )
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
