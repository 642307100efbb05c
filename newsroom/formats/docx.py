"""Word documents (.docx): a zip of XML, and so two old traps.

A zip of some kilobytes can unpack to gigabytes, and so can XML that declares entities. Nothing is handed to
the converter as it came: every part is unpacked here, counted while it is read, looked through for a document
type (none that a word processor writes has one), and packed again without compression. Parts that are neither
XML nor a picture, such as fonts, macros and embedded files, are left out of the new one.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress
from itertools import count
from pathlib import PurePosixPath
from xml.parsers import expat

import lxml.html
import mammoth
from django.template.defaultfilters import filesizeformat
from lxml import etree
from mammoth.images import img_element

from newsroom.text import document

from .draft import LONGEST, Draft
from .pictures import EMBEDDED
from .unreadable import Damaged, Declares, Inflated, TooLong

MAGIC = b"PK\x03\x04"

#: Bytes, unpacked: of everything, and of the XML alone, of which a tree is made that is many times as large.
_LARGEST, _LARGEST_XML = 64_000_000, 8_000_000
_PARTS = 2000
_PIECE = 256 * 1024
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
#: Besides Mammoth's own, which know headings by their level.
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
"""
_PROPERTIES = "docProps/core.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"


def read(body: bytes) -> Draft:
    """Its draft: headings, lists, tables, notes, links, pictures. Raises Unreadable."""
    parts = _parts(body)
    pictures: dict[str, bytes] = {}
    numbers = count()

    @img_element
    def taken_out(image: mammoth.images.Image) -> dict[str, str]:
        address = EMBEDDED.format(next(numbers))
        with suppress(KeyError, ValueError), image.open() as opened:  # it is not there, or lies elsewhere
            pictures[address] = opened.read()
        return {"src": address}

    try:
        made = mammoth.convert_to_html(
            _packed(parts), convert_image=taken_out, style_map=_STYLES, include_embedded_style_map=False
        )
    except RecursionError:
        raise TooLong(limit=LONGEST) from None
    except Exception:  # the converter raises whatever its own assumptions raise
        raise Damaged from None
    title, author = _properties(parts.get(_PROPERTIES, b""))
    parsed = document.parse(made.value)
    has_heading = bool(parsed.blocks) and parsed.blocks[0].tag == "h2"
    return Draft.of(
        parsed,
        headline="" if has_heading else title,
        standfirst=_subtitle(made.value),
        byline=author,
        pictures=pictures,
    )


def _parts(body: bytes) -> dict[str, bytes]:
    """What is in it by name, unpacked within bounds: XML without a document type, and pictures."""
    parts: dict[str, bytes] = {}
    total = total_xml = 0
    too_large = Inflated(limit=filesizeformat(_LARGEST))
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            members = packed.infolist()
            if len(members) > _PARTS or sum(member.file_size for member in members) > _LARGEST:
                raise too_large
            for member in members:
                if member.filename in parts or _leads_out(member.filename):
                    raise Damaged
                content = bytearray()
                with packed.open(member) as opened:
                    while piece := opened.read(_PIECE):
                        content += piece
                        total += len(piece)
                        # What a member says of its size is not to be believed.
                        if total > _LARGEST:
                            raise too_large
                if content.startswith(_PICTURES):
                    parts[member.filename] = bytes(content)
                elif _is_xml(content):
                    total_xml += len(content)
                    parts[member.filename] = bytes(content)
                if total_xml > _LARGEST_XML:
                    raise Inflated(limit=filesizeformat(_LARGEST_XML))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError):
        raise Damaged from None
    return parts


def _leads_out(name: str) -> bool:
    """Whether a name is none of a part (ECMA-376, part 2): nothing is written to a disk, and no program that
    means well calls one so."""
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name


def _is_xml(content: bytearray) -> bool:
    """Whether it can be read as XML. Raises Declares at a document type, before any entity is declared."""

    def refuse(*_declaration: object) -> None:
        raise Declares

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(bytes(content), True)
    except expat.ExpatError:
        return False
    return True


def _packed(parts: dict[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as writing:
        for name, content in parts.items():
            writing.writestr(name, content)
    packed.seek(0)
    return packed


def _properties(core: bytes) -> tuple[str, str]:
    """Title and author, as far as the document's properties name them."""
    if not core:
        return "", ""
    root = etree.fromstring(core, etree.XMLParser(resolve_entities=False, no_network=True))
    return root.findtext(f"{_DC}title") or "", root.findtext(f"{_DC}creator") or ""


def _subtitle(html: str) -> str:
    """The words of the first paragraph with Word's style of that name."""
    found = lxml.html.fragment_fromstring(html, create_parent="div").find_class("subtitle")
    return str(found[0].text_content()) if found else ""
