"""An archive is proved before anything of it is given; what is hostile is said, each by its name."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from newsroom.formats import newsroom_archive
from newsroom.formats.annotated import BadFile
from newsroom.formats.newsroom_archive import MAGIC, PIECE, Archive, Opening, Sealing, Writer, is_sealed

LINES = [b'{"uuid":"a"}\n', b'{"uuid":"b"}\n']
PASSPHRASE = "quattro parole a caso"


def written() -> bytes:
    body = io.BytesIO()
    writer = Writer(body)
    assert writer.add("rows/claim.jsonl", LINES) == 2
    writer.add("files/originals/a-1", [b"\x00" * 10, b"fine"])
    writer.finish({"schema": "0070"})
    return body.getvalue()


def read(body: bytes) -> Archive:
    return Archive(io.BytesIO(body), "a.zip")


def test_what_was_written_is_read() -> None:
    archive = read(written())
    assert archive.about == {"format": newsroom_archive.FORMAT, "schema": "0070"}
    assert list(archive.rows("claim")) == [(1, {"uuid": "a"}), (2, {"uuid": "b"})]
    assert list(archive.rows("claim")) == list(archive.rows("claim"))
    assert list(archive.rows("review")) == []
    assert (archive.models, archive.files) == (["claim"], ["originals/a-1"])
    assert archive.opened_file("originals/a-1").read() == b"\x00" * 10 + b"fine"


def test_the_same_content_is_the_same_file() -> None:
    assert written() == written()


# What is hostile


def packed(members: list[tuple[Any, bytes]], manifest: Any = None) -> bytes:
    """A zip of these members, of names or of infos, with a manifest that proves them unless one is given."""
    if manifest is None:
        manifest = {
            "format": newsroom_archive.FORMAT,
            "members": [
                {
                    "path": getattr(name, "filename", name),
                    "sha256": hashlib.sha256(body).hexdigest(),
                    "size": len(body),
                }
                for name, body in members
            ],
        }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            archive.writestr(name, body, getattr(name, "compress_type", None))
        if manifest is not False:
            archive.writestr(
                "manifest.json", manifest if isinstance(manifest, bytes) else json.dumps(manifest)
            )
    return written.getvalue()


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("files/originals/a")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def with_manifest(change: Callable[[dict[str, Any]], None]) -> Callable[[], bytes]:
    def make() -> bytes:
        body = b"{}\n"
        manifest = {
            "format": newsroom_archive.FORMAT,
            "members": [
                {"path": "rows/claim.jsonl", "sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
            ],
        }
        change(manifest)
        return packed([("rows/claim.jsonl", body)], manifest)

    return make


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return packed([("rows/claim.jsonl", b"{}\n"), ("rows/claim.jsonl", b"{}\n")])


def larger_than_declared() -> bytes:
    """The headers say three bytes; what is there unpacks to more."""
    body = written()
    declared = len(b"".join(LINES)).to_bytes(4, "little")
    central = body.index(b"PK\x01\x02")
    place = body.index(declared, central)
    return body[:place] + (3).to_bytes(4, "little") + body[place + 4 :]


def flipped() -> bytes:
    """One bit of what is stored is another, and the manifest is right about what it was."""
    info = zipfile.ZipInfo("files/copies/a")
    info.compress_type = zipfile.ZIP_STORED
    return packed([(info, b"AAAA")]).replace(b"AAAA", b"AAAB")


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"ciao", "a.zip"),
    "cut off": (lambda: written()[:-40], "a.zip"),
    "a bit that is another": (flipped, "a.zip"),
    "larger than declared": (larger_than_declared, "rows/claim.jsonl|a.zip"),
    "no manifest": (lambda: packed([("rows/claim.jsonl", b"{}")], False), "a.zip"),
    "a manifest that is no JSON": (lambda: packed([], b"{"), "manifest.json"),
    "a manifest that is a list": (lambda: packed([], []), "manifest.json"),
    "another format": (with_manifest(lambda said: said.update(format="altro/2")), "altro/2"),
    "members that are no list": (with_manifest(lambda said: said.update(members=3)), "manifest.json"),
    "a member without its hash": (
        with_manifest(lambda said: said["members"][0].pop("sha256")),
        "manifest.json",
    ),
    "a size below nothing": (with_manifest(lambda said: said["members"][0].update(size=-1)), "manifest.json"),
    "another checksum": (
        with_manifest(lambda said: said["members"][0].update(sha256="0" * 64)),
        "rows/claim",
    ),
    "another size": (with_manifest(lambda said: said["members"][0].update(size=2)), "rows/claim"),
    "a member that is not there": (
        with_manifest(lambda said: said["members"].append(said["members"][0] | {"path": "rows/deed.jsonl"})),
        "rows/deed",
    ),
    "a member named twice": (
        with_manifest(lambda said: said["members"].append(said["members"][0])),
        "rows/claim",
    ),
    "a member of no name": (
        lambda: packed([("rows/claim.jsonl", b"{}")], {"format": newsroom_archive.FORMAT, "members": []}),
        "rows/claim",
    ),
    "two members of one name": (twice, "rows/claim"),
    "a way out": (lambda: packed([("files/../../x", b"x")]), "files/"),
    "a way out in a folder": (lambda: packed([("files/originals/../x", b"x")]), "files/"),
    "a hidden way out": (lambda: packed([("files/originals/..", b"x")]), "files/"),
    "an absolute name": (lambda: packed([("/etc/passwd", b"x")]), "/etc/passwd"),
    "a name of another system": (lambda: packed([("files\\originals\\x", b"x")]), "files"),
    "something else": (lambda: packed([("leggimi.txt", b"x")]), "leggimi"),
    "a folder": (lambda: packed([("rows/", b"")]), "rows/"),
    "a link": (lambda: packed([(link(), b"/etc/passwd")]), "files/originals/a"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_archive_of_ours_is_said(name: str) -> None:
    make, where = HOSTILE[name]
    with pytest.raises(BadFile, match=where):
        read(make())


def test_a_bomb_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newsroom_archive, "MOST_UNPACKED", 1024 * 1024)
    monkeypatch.setattr(newsroom_archive, "MOST_TIMES", 100)
    bomb = packed([("files/originals/a", bytes(64 * 1024 * 1024))])
    tracemalloc.start()
    with pytest.raises(BadFile, match="100"):
        read(bomb)
    assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    tracemalloc.stop()


def test_a_line_without_an_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(newsroom_archive.LONGEST_LINE, newsroom_archive.FORMAT, 100)
    archive = read(packed([("rows/claim.jsonl", b'{"a":"' + b"x" * 200 + b'"}\n')]))
    with pytest.raises(BadFile, match="1"):
        list(archive.rows("claim"))


def test_a_row_that_would_not_be_read_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(newsroom_archive.LONGEST_LINE, newsroom_archive.FORMAT, 100)
    with closing(Writer(io.BytesIO())) as writer, pytest.raises(BadFile, match="rows/claim"):
        writer.add("rows/claim.jsonl", [b'{"a":"' + b"x" * 200 + b'"}\n'])


@pytest.mark.parametrize("line", [b"[]\n", b"niente\n", b'{"a": NaN}\n', b"\xff\n"])
def test_a_line_that_is_no_row_is_said(line: bytes) -> None:
    with pytest.raises(BadFile, match="rows/claim"):
        list(read(packed([("rows/claim.jsonl", line)])).rows("claim"))


def test_a_name_that_would_not_be_read_is_not_written() -> None:
    with closing(Writer(io.BytesIO())) as writer, pytest.raises(BadFile):
        writer.add("files/../x", [])


# The box


def sealed(body: bytes, passphrase: str = PASSPHRASE) -> bytes:
    written = io.BytesIO()
    box = Sealing(written, passphrase)
    for start in range(0, len(body), 100_000):
        box.write(body[start : start + 100_000])
    box.close()
    return written.getvalue()


def opened(body: bytes, passphrase: str = PASSPHRASE) -> Opening:
    return Opening(io.BytesIO(body), passphrase, "a.zip")


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_is_opened(length: int) -> None:
    body = (b"0123456789" * (length // 10 + 1))[:length]
    assert opened(sealed(body)).read() == body


def test_a_box_gives_all_that_is_asked_for_across_its_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A zip is read by its heads, whole: less would be taken for the end of the file, or for damage."""
    monkeypatch.setattr(newsroom_archive, "PIECE", 64)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as writing:
        for number in range(200):
            writing.writestr(f"files/{number}", f"{number} " * number)
    box = opened(sealed(zipped.getvalue()))
    with zipfile.ZipFile(box) as reading:
        assert reading.testzip() is None
        assert len(reading.infolist()) == 200
    box.seek(60)
    assert box.read(200) == zipped.getvalue()[60:260]


def test_an_archive_is_read_from_a_box() -> None:
    written = io.BytesIO()
    box = Sealing(written, PASSPHRASE)
    writer = Writer(box)  # type: ignore[arg-type]  # it writes as a file does
    writer.add("rows/claim.jsonl", LINES)
    writer.finish({})
    box.close()
    written.seek(0)
    assert is_sealed(written)
    assert b"uuid" not in written.getvalue() and b"claim" not in written.getvalue()
    archive = Archive(opened(written.getvalue()), "a.zip")  # type: ignore[arg-type]  # it reads as a file does
    assert list(archive.rows("claim")) == [(1, {"uuid": "a"}), (2, {"uuid": "b"})]


def damages() -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    start, piece = len(MAGIC) + 16, PIECE + 16
    yield "another bit", lambda body: body[:-20] + bytes([body[-20] ^ 1]) + body[-19:]
    yield "the last piece cut off", lambda body: body[: start + 2 * piece]
    yield "cut off within", lambda body: body[:-1]
    yield "nothing left", lambda body: body[:start]
    yield "another salt", lambda body: body[: len(MAGIC)] + bytes(16) + body[start:]
    yield "something behind it", lambda body: body + b"x" * 40


DAMAGES = dict(damages())


@pytest.mark.parametrize("name", DAMAGES)
def test_a_box_that_was_touched_is_not_opened(name: str) -> None:
    with pytest.raises(BadFile, match="a.zip"):
        opened(DAMAGES[name](sealed(b"x" * (2 * PIECE + 100)))).read()


def test_pieces_cannot_change_places() -> None:
    body = sealed(b"a" * PIECE + b"b" * PIECE + b"c")
    start, piece = len(MAGIC) + 16, PIECE + 16
    one, two = body[start : start + piece], body[start + piece : start + 2 * piece]
    with pytest.raises(BadFile):
        opened(body[:start] + two + one + body[start + 2 * piece :]).read()


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(BadFile, match="a.zip"):
        opened(sealed(b"segreto"), "un’altra di parole")


def test_the_same_content_is_never_the_same_box() -> None:
    assert sealed(b"segreto") != sealed(b"segreto")
