"""The archive of a newsroom: one zip with every row and every file, and a manifest that proves it.

    rows/<model>.jsonl   a row a line, JSON with sorted keys, UTF-8
    files/<name>         a stored file, under the name that its row has
    erasures.jsonl       the list of erasures: keyed hashes, never words
    manifest.json        the last: format, schema, kind, when, and SHA-256 and size of each other member

It is read as what it may be: made by somebody who wants to fill our memory or our disk, or to write where no
file of ours is. `Archive` proves every member before it gives the first one, and unpacks none to a disk.

The **encrypted** kind is the same zip in a box: `MAGIC`, a salt of 16 bytes, then pieces of `PIECE` bytes,
each sealed with AES-256-GCM (16 bytes longer) under a key that scrypt makes of the passphrase. The nonce of
a piece is its number, and whether it is the last: pieces cannot be reordered, left out or cut off. A key is
used for one file alone, for the salt is new. The cost of scrypt is the format's and not the file's to choose.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from . import json_text
from .annotated import BadFile, in_line
from .archives import DAMAGED

FORMAT = "controluce-newsroom/1"
#: A backup is made alike and holds other things: every table as it is (actions/backups).
BACKUP = "controluce-backup/1"
MANIFEST = "manifest.json"
MAGIC = b"controluce-encrypted/1\n"
#: A passphrase is guessed at leisure by who has the file.
SHORTEST_PASSPHRASE = 12

#: Bytes of a manifest and of a line; of all members unpacked, either this or so many times the zip. A backup
#: is of our own making and has to be read whatever it holds; an archive may be anybody's, and the longest
#: rows that are known (a text with all its versions, the record of an import) have a tenth of this.
MOST_MANIFEST = 256 * 1024**2
LONGEST_LINE = {FORMAT: 64 * 1024**2, BACKUP: 256 * 1024**2}
MOST_UNPACKED, MOST_TIMES = 2 * 1024**3, 250

PIECE = 1024 * 1024
_TAG = 16
_SALT = 16
_THEN = (1980, 1, 1, 0, 0, 0)
_NAMES = {
    FORMAT: re.compile(r"rows/[a-z]+\.jsonl|erasures\.jsonl|files/[a-z]+/[A-Za-z0-9_-][A-Za-z0-9_.-]*"),
    BACKUP: re.compile(r"rows/[a-z_]+\.jsonl|files/[a-z]+/[A-Za-z0-9_-][A-Za-z0-9_.-]*"),
}
_SHA256 = re.compile(r"[0-9a-f]{64}")


# Out


class Writer:
    """Writes members one after the other, each as its pieces come; the manifest at the end."""

    def __init__(self, file: BinaryIO, *, format: str = FORMAT) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._format = format
        self._members: list[dict[str, Any]] = []

    def add(self, name: str, pieces: Iterable[bytes]) -> int:
        """Answers with how many pieces there were: of rows, how many rows."""
        if not _NAMES[self._format].fullmatch(name):
            raise BadFile(where=name[:80], why=_("An archive has no member of this name."))
        sha256, size, number = hashlib.sha256(), 0, 0
        longest = LONGEST_LINE[self._format] if name.endswith(".jsonl") else None
        with self._zip.open(_member(name), "w", force_zip64=True) as member:
            for number, piece in enumerate(pieces, start=1):
                if longest is not None and len(piece) > longest:
                    raise BadFile(where=f"{name}, {in_line(number)}", why=json_text.too_long(longest))
                member.write(piece)
                sha256.update(piece)
                size += len(piece)
        self._members.append({"path": name, "sha256": sha256.hexdigest(), "size": size})
        return number

    def finish(self, about: dict[str, Any]) -> None:
        """`about` goes into the manifest beside the members."""
        manifest = {"format": self._format, **about, "members": self._members}
        body = orjson.dumps(manifest, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
        self._zip.writestr(_member(MANIFEST), body, zipfile.ZIP_DEFLATED)
        self.close()

    def close(self) -> None:
        """To be done while its file is open, even if it was not finished."""
        self._zip.close()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _THEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


# In


class Archive:
    """An archive of which every member is what its manifest says. Raises BadFile.

    `about` is the manifest without its members. `rows` and `opened` may be asked again and again.
    """

    def __init__(self, file: BinaryIO, where: str, *, format: str = FORMAT) -> None:
        self._where, self._format = where, format
        try:
            self._zip = zipfile.ZipFile(file)
            infos = self._infos()
            self.about, members = self._manifest(infos)
            self._bound(members, file)
            for path, (sha256, size) in members.items():
                self._prove(infos[path], sha256, size)
        except DAMAGED:
            raise BadFile(where=where, why=_("The zip is damaged, encrypted or none.")) from None
        self.members = members

    def rows(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows of a model, numbered from 1; none if the archive has no such member."""
        path = f"rows/{name}.jsonl"
        if path not in self.members:
            return
        with self.opened(path) as member:
            reading = io.BufferedReader(member, PIECE)
            for number, line in json_text.lines(reading, LONGEST_LINE[self._format]):
                where = f"{path}, {in_line(number)}"
                yield number, json_text.obj(json_text.value(line, where), where)

    @property
    def models(self) -> list[str]:
        paths = (path for path in self.members if path.startswith("rows/"))
        return [path.removeprefix("rows/").removesuffix(".jsonl") for path in paths]

    @property
    def files(self) -> list[str]:
        return [path.removeprefix("files/") for path in self.members if path.startswith("files/")]

    def opened(self, path: str) -> Any:
        return self._zip.open(path)

    def opened_file(self, name: str) -> Any:
        return self.opened(f"files/{name}")

    def erasures(self) -> Iterator[dict[str, Any]]:
        if "erasures.jsonl" in self.members:
            with self.opened("erasures.jsonl") as member:
                for number, line in json_text.lines(io.BufferedReader(member)):
                    where = f"erasures.jsonl, {in_line(number)}"
                    yield json_text.obj(json_text.value(line, where), where)

    def _infos(self) -> dict[str, zipfile.ZipInfo]:
        infos: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            name = info.filename
            if name in infos:
                raise BadFile(where=name[:80], why=_("Two files have this name."))
            mode = info.external_attr >> 16
            if info.is_dir() or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
                raise BadFile(
                    where=name[:80], why=_("This is no file: an archive holds no links or folders.")
                )
            if name != MANIFEST and not _NAMES[self._format].fullmatch(name):
                raise BadFile(where=name[:80], why=_("An archive has no member of this name."))
            infos[name] = info
        return infos

    def _manifest(
        self, infos: dict[str, zipfile.ZipInfo]
    ) -> tuple[dict[str, Any], dict[str, tuple[str, int]]]:
        if MANIFEST not in infos:
            raise BadFile(
                where=self._where, why=_("There is no manifest in it: this is no archive of a newsroom.")
            )
        with self._zip.open(MANIFEST) as member:
            about = json_text.obj(json_text.whole(member, MANIFEST, MOST_MANIFEST), MANIFEST)
        if about.get("format") != self._format:
            why = _("It is of the format “%(format)s”, and “%(ours)s” is read here.")
            said = {"format": str(about.get("format"))[:40], "ours": self._format}
            raise BadFile(where=MANIFEST, why=why % said)
        members: dict[str, tuple[str, int]] = {}
        for entry in json_text.array(about.pop("members", None), "members", MANIFEST):
            said = json_text.obj(entry, MANIFEST)
            path, sha256, size = said.get("path"), said.get("sha256"), said.get("size")
            sound = type(path) is str and type(sha256) is str and _SHA256.fullmatch(sha256)
            if not sound or type(size) is not int or size < 0:
                raise BadFile(where=MANIFEST, why=_("A member is not described by path, sha256 and size."))
            if path in members:
                raise BadFile(where=str(path)[:80], why=_("The manifest names it twice."))
            members[str(path)] = (str(sha256), size)
        for path in members.keys() - infos.keys():
            raise BadFile(where=path[:80], why=_("The manifest names it, and it is not there."))
        for path in infos.keys() - members.keys() - {MANIFEST}:
            raise BadFile(where=path[:80], why=_("It is there, and the manifest does not name it."))
        return about, members

    def _bound(self, members: dict[str, tuple[str, int]], file: BinaryIO) -> None:
        packed = file.seek(0, io.SEEK_END)
        most = max(MOST_UNPACKED, MOST_TIMES * packed)
        if sum(size for _sha256, size in members.values()) > most:
            why = _("Unpacked it would be more than %(times)s times as large: it is not opened.")
            raise BadFile(where=self._where, why=why % {"times": MOST_TIMES})

    def _prove(self, info: zipfile.ZipInfo, sha256: str, size: int) -> None:
        """Reads no more than was declared, whatever there is."""
        wrong_size = _("It is not as large as the manifest says.")
        if info.file_size != size:
            raise BadFile(where=info.filename[:80], why=wrong_size)
        found, left = hashlib.sha256(), size + 1
        with self._zip.open(info) as member:
            while left and (piece := member.read(min(PIECE, left))):
                found.update(piece)
                left -= len(piece)
        if left != 1:
            raise BadFile(where=info.filename[:80], why=wrong_size)
        if found.hexdigest() != sha256:
            raise BadFile(
                where=info.filename[:80], why=_("It is not what was archived: its checksum is another.")
            )


# The box


def is_sealed(file: BinaryIO) -> bool:
    """Whether it begins as the encrypted kind does; it stands at its beginning afterwards."""
    beginning = file.read(len(MAGIC))
    file.seek(0)
    return beginning == MAGIC


class Sealing(io.RawIOBase):
    """A file to write to; what is written goes into `file` encrypted. Closing it writes the last piece."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(_SALT)
        file.write(MAGIC + salt)
        self._file, self._sealer, self._number = file, AESGCM(_key(passphrase, salt)), 0
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
        super().close()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._sealer.encrypt(_nonce(self._number, last=last), piece, MAGIC))
        self._number += 1


class Opening(io.RawIOBase):
    """A file to read from, decrypted piece by piece as it is asked for. Raises BadFile."""

    def __init__(self, file: BinaryIO, passphrase: str, where: str) -> None:
        self._file, self._where, self._at = file, where, 0
        length = file.seek(0, io.SEEK_END) - len(MAGIC) - _SALT
        file.seek(len(MAGIC))
        salt = file.read(_SALT)
        self._pieces = -(-length // (PIECE + _TAG))
        self._size = length - self._pieces * _TAG
        if length < _TAG or self._size < 0:
            raise self._broken()
        self._opener = AESGCM(_key(passphrase, salt))
        self._held: tuple[int, bytes] = (-1, b"")
        # Both ends: a wrong passphrase and a file that was cut off are known at once.
        self._piece(0)
        self._piece(self._pieces - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer, out of as many pieces as it takes: whoever reads a zip takes less for its end."""
        filled = 0
        while filled < len(buffer) and self._at < self._size:
            number, skipped = divmod(self._at, PIECE)
            some = self._piece(number)[skipped : skipped + len(buffer) - filled]
            buffer[filled : filled + len(some)] = some
            filled += len(some)
            self._at += len(some)
        return filled

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            self._file.seek(len(MAGIC) + _SALT + number * (PIECE + _TAG))
            sealed = self._file.read(PIECE + _TAG)
            try:
                piece = self._opener.decrypt(_nonce(number, last=number == self._pieces - 1), sealed, MAGIC)
            except InvalidTag:
                raise self._broken() from None
            self._held = (number, piece)
        return self._held[1]

    def _broken(self) -> BadFile:
        return BadFile(where=self._where, why=_("The passphrase is another one, or the file was damaged."))


def _key(passphrase: str, salt: bytes) -> bytes:
    """64 MiB and a quarter of a second for each guess."""
    return Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(passphrase.encode())


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def moment(about: dict[str, Any]) -> datetime | None:
    """When it was made, as it says."""
    try:
        return datetime.fromisoformat(str(about.get("made_at")))
    except ValueError:
        return None
