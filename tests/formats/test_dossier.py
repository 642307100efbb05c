"""A dossier proves that it is what was signed, and nothing that was changed since passes."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import html5lib
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils.safestring import SafeString

from newsroom.formats import dossier
from newsroom.formats.dossier import Dossier, Unproved, fingerprint, public_key, verify, write

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AT = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)


def made(key: Ed25519PrivateKey = KEY) -> bytes:
    return write(
        Dossier(
            title="Il ponte <aperto>",
            lang="it",
            page=SafeString("<h1>Il ponte</h1>"),
            about={"claim": {"text": "Il ponte è aperto."}, "as_of": AT.isoformat()},
            data={"reviews": []},
            copies={"k3f9x2ab.html": b"<p>Il ponte.</p>"},
        ),
        key,
        at=AT,
    )


def unpacked(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as writing:
        for name, content in files.items():
            writing.writestr(name, content)
    return body.getvalue()


def test_a_dossier_proves_itself_and_says_what_it_is_about() -> None:
    proved = verify(made(), KEY.public_key())
    assert proved.files == 4
    assert proved.about["claim"] == {"text": "Il ponte è aperto."}
    assert proved.key == fingerprint(KEY.public_key())
    assert verify(made()) == proved


def test_what_goes_in_alike_comes_out_alike() -> None:
    assert made() == made()


def test_the_manifest_names_every_other_file() -> None:
    files = unpacked(made())
    listed = [file["path"] for file in json.loads(files["manifest.json"])["files"]]
    assert set(listed) == set(files) - {"manifest.json", "manifest.sig"}
    assert "copies/k3f9x2ab.html" in listed


def test_the_page_is_valid_and_needs_nothing_else() -> None:
    page = unpacked(made())["page.html"].decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert "Il ponte &lt;aperto&gt;" in page
    assert "default-src &#x27;none&#x27;" in page
    assert not any(word in page for word in ("src=", "href=", "url("))


def test_another_key_does_not_prove_it() -> None:
    with pytest.raises(Unproved, match="signature"):
        verify(made(Ed25519PrivateKey.generate()), KEY.public_key())


def changed(name: str, content: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: files | {name: content}


def without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {path: body for path, body in files.items() if path != name}


def longer(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | {"page.html": files["page.html"] + b"\0" * 50_000_000}


@pytest.mark.parametrize(
    "change",
    [
        changed("page.html", b"<h1>Un altro</h1>"),
        changed("dossier.json", b"{}"),
        changed("manifest.json", b"{}"),
        changed("manifest.sig", b"AAAA"),
        changed("manifest.sig", b"\xff\xfe"),
        changed("extra.html", b"<h1>Mai firmato</h1>"),
        changed("public-key.pem", b"no key"),
        without("manifest.json"),
        without("manifest.sig"),
        without("public-key.pem"),
        without("copies/k3f9x2ab.html"),
        longer,
    ],
)
def test_what_was_changed_since_does_not_pass(
    change: Callable[[dict[str, bytes]], dict[str, bytes]],
) -> None:
    body = packed(change(unpacked(made())))
    for key in (KEY.public_key(), None):
        with pytest.raises(Unproved) as reason:
            verify(body, key)
        assert str(reason.value)


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"no zip at all", made()[:-40], made()[:300]])
def test_what_is_no_zip_does_not_pass(body: bytes) -> None:
    with pytest.raises(Unproved):
        verify(body)


def signed(manifest: bytes, **files: bytes) -> bytes:
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signature = base64.b64encode(KEY.sign(manifest))
    return packed({"manifest.json": manifest, "manifest.sig": signature, "public-key.pem": pem, **files})


@pytest.mark.parametrize(
    "manifest",
    [b"[]", b"null", b"{", b'{"files": []}', b'{"files": 3, "format": "x"}', b"\xff", b'{"files": [{}]}'],
)
def test_a_manifest_of_another_shape_does_not_pass_though_it_is_signed(manifest: bytes) -> None:
    with pytest.raises(Unproved):
        verify(signed(manifest))


def test_one_that_would_be_too_large_is_not_unpacked() -> None:
    files = [{"path": "public-key.pem", "sha256": "", "size": 10**13}]
    manifest = json.dumps({"format": dossier.FORMAT, "files": files}).encode()
    with pytest.raises(Unproved, match="too large"):
        verify(signed(manifest))


def test_a_file_that_stands_twice_does_not_pass() -> None:
    body = io.BytesIO(made())
    with zipfile.ZipFile(body, "a") as writing, pytest.warns(UserWarning, match="Duplicate name"):
        writing.writestr("page.html", "<h1>Un altro</h1>")
    with pytest.raises(Unproved, match="two of one name"):
        verify(body.getvalue())


@pytest.mark.parametrize("pem", ["", "niente", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
def test_what_is_no_key_is_refused(pem: str) -> None:
    with pytest.raises(Unproved):
        public_key(pem)


def test_a_key_goes_out_and_comes_back() -> None:
    assert fingerprint(public_key(dossier.public_pem(KEY.public_key()))) == fingerprint(KEY.public_key())
