"""A dossier: one zip with all that a claim rested on at a date, signed, for whoever has to judge it later.

    manifest.json   the claim, the date, and SHA-256 and size of each other file
    manifest.sig    the signature of the bytes of manifest.json: Ed25519 (RFC 8032), in base64
    public-key.pem  the key that proves it; whether it is the newsroom's is to be asked of the newsroom
    page.html       the claim as it stood, a page that needs nothing else
    dossier.json    the same for machines, with who did what and when
    copies/         stored copies of documents, where their rights allow it

The manifest names every other file, and the signature proves the manifest. A file that it does not name, that
is not there, or that is not what it says makes the whole dossier worth nothing. It is read as what it may be:
made by somebody who wants to fill our memory.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .archives import DAMAGED

FORMAT = "controluce-dossier/1"
MANIFEST, SIGNATURE, KEY, PAGE, DATA = (
    "manifest.json", "manifest.sig", "public-key.pem", "page.html", "dossier.json"
)  # fmt: skip

#: Of a dossier that is read: files in it, bytes unpacked, bytes of the manifest.
_FILES, _LARGEST, _LARGEST_MANIFEST = 10_000, 2_000_000_000, 10_000_000
_PIECE = 256 * 1024

_STYLE = (
    "body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1.0625rem/1.6 Georgia,serif;color:#1b1b19}"
    "h1{font-size:1.6rem;line-height:1.25}h2{margin-top:2.5rem;border-top:2px solid;padding-top:.5rem;"
    "font-size:1.25rem}blockquote{margin:.5rem 0;padding-left:1rem;border-left:3px solid #dad6cc}"
    "dt{color:#5a5750;font-size:.875rem}dd{margin:0 0 .5rem}code{overflow-wrap:anywhere;font-size:.8125rem}"
    "li{margin-bottom:1rem}"
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """`page` is the content of the page, escaped; `about` goes into the manifest, `data` is for machines.

    `copies` are stored copies by their name.
    """

    title: str
    lang: str
    page: SafeString
    about: Json
    data: Json
    copies: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proved:
    """What a dossier says of itself, once every file of it is what was signed; and the key that proves it."""

    about: Json
    files: int
    key: str


class Unproved(Exception):
    """The dossier is not what somebody signed; its text is the reason."""


def write(dossier: Dossier, key: Ed25519PrivateKey, *, at: datetime) -> bytes:
    """The zip. What goes in alike comes out alike, byte for byte."""
    public = key.public_key()
    files = {
        PAGE: _page(dossier).encode(),
        DATA: _json(dossier.data),
        KEY: public_pem(public).encode(),
        **{f"copies/{name}": body for name, body in dossier.copies.items()},
    }
    listed = [
        {"path": path, "sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
        for path, body in sorted(files.items())
    ]
    manifest = _json(
        {
            "format": FORMAT,
            **dossier.about,
            "made_at": at.isoformat(),
            "key": fingerprint(public),
            "files": listed,
        }
    )
    files = {MANIFEST: manifest, SIGNATURE: base64.b64encode(key.sign(manifest)) + b"\n", **files}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as writing:
        for path, body in files.items():
            entry = zipfile.ZipInfo(path, at.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            writing.writestr(entry, body)
    return packed.getvalue()


def verify(body: bytes, key: Ed25519PublicKey | None = None) -> Proved:
    """Every file of a dossier is what was signed. Raises Unproved.

    Without a `key` it is the one in the dossier, which proves that nothing changed since it was signed, and
    not who signed it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return _verified(packed, key)
    except DAMAGED:
        raise Unproved("This is no zip, or a damaged one.") from None


def public_pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(key: Ed25519PublicKey) -> str:
    """What two people read to each other: SHA-256 of the key itself."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def public_key(pem: str) -> Ed25519PublicKey:
    """Raises Unproved if it is no such key."""
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise Unproved("The key is no public Ed25519 key in PEM.")
    return key


def _verified(packed: zipfile.ZipFile, key: Ed25519PublicKey | None) -> Proved:
    members = packed.infolist()
    names = [member.filename for member in members]
    if len(names) > _FILES or len(set(names)) < len(names):
        raise Unproved("It holds too many files, or two of one name.")
    for name in (MANIFEST, SIGNATURE, KEY):
        if name not in names:
            raise Unproved(f"{name} is missing.")
    manifest = _read(packed, MANIFEST, _LARGEST_MANIFEST)
    key = key or public_key(_read(packed, KEY, 10_000).decode("utf-8", "replace"))
    try:
        key.verify(base64.b64decode(_read(packed, SIGNATURE, 10_000), validate=False), manifest)
    except (InvalidSignature, binascii.Error):
        raise Unproved("The signature is not that of the manifest by this key.") from None
    about, listed = _manifest(manifest)
    if strangers := sorted(set(names) - {MANIFEST, SIGNATURE, *listed}):
        raise Unproved(f"{strangers[0]} was not signed.")
    if sum(size for _sha256, size in listed.values()) > _LARGEST:
        raise Unproved("It would be too large, unpacked.")
    for path, (sha256, size) in listed.items():
        if path not in names:
            raise Unproved(f"{path} is missing.")
        if hashlib.sha256(_read(packed, path, size)).hexdigest() != sha256:
            raise Unproved(f"{path} is not what was signed.")
    return Proved(about, len(listed), fingerprint(key))


def _read(packed: zipfile.ZipFile, path: str, limit: int) -> bytes:
    """A file of at most so many bytes, whatever it says of its size."""
    content = bytearray()
    with packed.open(path) as opened:
        while piece := opened.read(_PIECE):
            content += piece
            if len(content) > limit:
                raise Unproved(f"{path} is not what was signed.")
    return bytes(content)


def _manifest(body: bytes) -> tuple[Json, dict[str, tuple[str, int]]]:
    try:
        about = json.loads(body)
        files = about.pop("files")
        listed = {str(file["path"]): (str(file["sha256"]), int(file["size"])) for file in files}
        if about["format"] != FORMAT:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unproved("The manifest is none of this format.") from None
    return about, listed


def _json(data: Json) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _page(dossier: Dossier) -> str:
    """The page, which fetches nothing and runs nothing, wherever it is opened."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return format_html(
        '<!doctype html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src &#x27;none&#x27;; '
        'style-src &#x27;sha256-{}&#x27;">\n'
        '<meta name="viewport" content="width=device-width">\n<title>{}</title>\n<style>{}</style>\n'
        "</head>\n<body>\n{}\n</body>\n</html>\n",
        dossier.lang,
        digest,
        dossier.title,
        # Our own style, written above.
        mark_safe(_STYLE),
        dossier.page,
    )
