"""PDFs for tests: a page for each text, compressed as word processors do; None is a page that was scanned."""

from __future__ import annotations

import zlib


def pdf(*pages: str | None, title: str = "") -> bytes:
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: _stream(b"\x7f", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
                            b" /BitsPerComponent 8"),
        5: b"<< /Title " + _string(title) + b" >>",
    }  # fmt: skip
    kids = []
    for text in pages:
        page, content = len(objects) + 3, len(objects) + 4
        kids.append(page)
        drawn = b"q 9 0 0 9 0 0 cm /I Do Q" if text is None else _lines(text)
        used = b"/XObject << /I 4 0 R >>" if text is None else b"/Font << /F 3 0 R >>"
        objects[page] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << %s >> >>"
            % (content, used)
        )
        objects[content] = _stream(drawn)
    named = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (named, len(kids))
    return _file(objects)


def _file(objects: dict[int, bytes]) -> bytes:
    written, places = b"%PDF-1.4\n%\x00\xff\n", {}
    for number, body in sorted(objects.items()):
        places[number] = len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size, start = max(objects) + 1, len(written)
    table = b"".join(
        b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
        for number in range(size)
    )
    return (
        written
        + b"xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (
            size,
            table,
            size,
            start,
        )
    )


def _stream(content: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(content)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (more, len(packed), packed)


def _lines(text: str) -> bytes:
    said = b" T* ".join(_string(line) + b" Tj" for line in text.splitlines())
    return b"BT /F 12 Tf 14 TL 72 720 Td %s ET" % said


def _string(text: str) -> bytes:
    return b"<" + text.encode("cp1252").hex().encode() + b">"
