"""What XML may hold, and XML that somebody brought: read piece by piece, within bounds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _
from lxml import etree

from .annotated import BadFile, in_line

#: Neither written nor escaped may these stand in XML 1.0.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


#: Of one child, with all that is in it: a post with thousands of comments has a tenth of them.
MOST_ELEMENTS, MOST_CHARACTERS = 300_000, 30_000_000


def legal(text: str) -> str:
    """The text without the characters that no XML may hold."""
    return _ILLEGAL.sub("", text)


def children(file: BinaryIO, parents: Collection[str]) -> Iterator[etree._Element]:
    """Each child of an element of these names, whatever its namespace, when it is whole; then it is let go.

    So a large file is never in memory as a whole. Raises BadFile: what declares a document type is refused
    before its entities mean anything, and so is a piece of text of more than 10 MB, a child of more than
    MOST_ELEMENTS or MOST_CHARACTERS, and what is nested too deep. No file or address that it names is opened.
    """
    reading = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    elements = characters = 0
    try:
        for event, element in reading:
            parent = element.getparent()
            if event == "start":
                if parent is None and element.getroottree().docinfo.doctype:
                    why = _("It declares a document type, as none of this kind does: it is not read.")
                    raise BadFile(where=in_line(1), why=why)
                continue
            elements, characters = elements + 1, characters + len(element.text or "")
            if elements > MOST_ELEMENTS or characters > MOST_CHARACTERS:
                why = _("What stands here is too large to be one article: the file is not read.")
                raise BadFile(where=in_line(element.sourceline or 1), why=why)
            if parent is None or name_of(parent) not in parents:
                continue
            yield element
            elements = characters = 0
            if name_of(element) not in parents:
                element.clear(keep_tail=False)
            while (before := element.getprevious()) is not None:
                parent.remove(before)
    except etree.XMLSyntaxError as error:
        why = _("This is no valid XML (%(reason)s).") % {"reason": str(error.msg)[:120]}
        raise BadFile(where=in_line(error.lineno or 1), why=why) from None


def name_of(element: etree._Element) -> str:
    """Without its namespace."""
    return etree.QName(element).localname


def namespace_of(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""
