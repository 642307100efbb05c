"""Zips of many small files, written as they are made and read within bounds.

What is read is made by somebody who may want to fill our memory or our disk: members are counted, none is
unpacked beyond its bound whatever its header says, none is written to a disk, and a name that leads out of
the archive is refused.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, cast
from urllib.parse import quote, unquote

from django.utils.translation import gettext as _

from .annotated import BadFile
from .json_text import LONGEST_LINE, too_long

MOST_MEMBERS = 50_000
#: All members together, unpacked.
MOST_BYTES = 1024 * 1024 * 1024
#: A file that has a report beside it, unpacked.
MOST_PACKED = 256 * 1024 * 1024
#: A password, a compression that nobody here knows, a damaged file: zipfile names each otherwise.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError,
)  # fmt: skip
#: What a file and its report are called in one zip.
ARTICLES, REPORT = "articles", "report.txt"
_THEN = (1980, 1, 1, 0, 0, 0)


class _Pipe(io.RawIOBase):
    """What is written waits here until it is fetched; a zip is written into it without going back."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def fetch(self) -> bytes:
        waiting, self._waiting = b"".join(self._waiting), []
        return waiting


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """A zip of these files, piece by piece; the same bytes for the same files."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as writing:
        for name, body in files:
            writing.writestr(zipfile.ZipInfo(name, _THEN), body, zipfile.ZIP_DEFLATED)
            yield pipe.fetch()
    yield pipe.fetch()


def packed(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """A zip of files that come in pieces, however large. One is asked for when the one before it is whole."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as writing:
        for name, pieces in files:
            info = zipfile.ZipInfo(name, _THEN)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".zip") else zipfile.ZIP_DEFLATED
            with writing.open(info, "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece)
                    if waiting := pipe.fetch():
                        yield waiting
    yield pipe.fetch()


def file_name(name: str) -> str:
    """A text's id as a name of a file on any system: what could be a path or a sign of one is written out."""
    return quote(name, safe=" ")


def id_of(name: str) -> str:
    return unquote(PurePosixPath(name).stem)


def members(file: BinaryIO, where: str) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files in a zip, in their order. Raises BadFile."""
    try:
        with zipfile.ZipFile(file) as packed:
            infos = [info for info in packed.infolist() if not info.is_dir()]
            if len(infos) > MOST_MEMBERS:
                why = _("There are more than %(limit)s files in it.") % {"limit": MOST_MEMBERS}
                raise BadFile(where=where, why=why)
            seen: set[str] = set()
            total = 0
            for info in infos:
                name = info.filename
                path = PurePosixPath(name)
                if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
                    raise BadFile(where=name[:80], why=_("The name leads out of the archive."))
                if name in seen:
                    raise BadFile(where=name[:80], why=_("Two files have this name."))
                seen.add(name)
                with packed.open(info) as opened:
                    body = opened.read(LONGEST_LINE + 1)
                total += len(body)
                if len(body) > LONGEST_LINE:
                    raise BadFile(where=name[:80], why=too_long(LONGEST_LINE))
                if total > MOST_BYTES:
                    raise BadFile(where=where, why=too_long(MOST_BYTES))
                yield name, body
    except DAMAGED:
        raise BadFile(where=where, why=_("The zip is damaged, encrypted or none.")) from None


def unpacked(file: BinaryIO, name: str) -> tuple[BinaryIO, str]:
    """The file in a zip as `packed` makes it with a report, and its name; any other file as it is.

    It is unpacked while it is read. Raises BadFile; what is damaged further on is told to who reads there, by
    one of DAMAGED.
    """
    if not is_zip(file):
        return file, name
    try:
        with zipfile.ZipFile(file) as opened:
            infos = opened.infolist()
            names = [info.filename for info in infos]
            if len(names) == 2 and names[1] == REPORT and PurePosixPath(names[0]).stem == ARTICLES:
                if infos[0].file_size > MOST_PACKED:
                    raise BadFile(where=names[0], why=too_long(MOST_PACKED))
                if names[0].endswith(".zip"):
                    return io.BytesIO(next(members(file, name))[1]), names[0]
                # Of what its header says that it has, no byte more is read.
                return io.BufferedReader(cast(io.RawIOBase, opened.open(infos[0]))), names[0]
    except DAMAGED:
        pass  # whoever reads it as a zip says so
    file.seek(0)
    return file, name


def is_zip(file: BinaryIO) -> bool:
    """Whether it begins as a zip does; it stands at its beginning afterwards."""
    beginning = file.read(4)
    file.seek(0)
    return beginning.startswith(b"PK")


def decoded(body: bytes, where: str) -> str:
    """UTF-8, without a byte order mark. Raises BadFile."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        why = _("Byte %(place)s is not valid UTF-8.") % {"place": error.start + 1}
        raise BadFile(where=where, why=why) from None
