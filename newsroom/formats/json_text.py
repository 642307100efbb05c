"""JSON that somebody brought: read within bounds, and each way in which it can be wrong said by its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson
from django.utils.translation import gettext as _

from .annotated import BadFile, in_line

#: Bytes of one line, which is an article with its tags; and of a file that can only be read whole.
LONGEST_LINE = 16 * 1024 * 1024
LONGEST_FILE = 64 * 1024 * 1024

_MARK = b"\xef\xbb\xbf"


def lines(file: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, numbered from 1, without a byte order mark or their ends."""
    number = 0
    while line := file.readline(longest + 1):
        number += 1
        if len(line) > longest:
            raise BadFile(where=in_line(number), why=too_long(longest))
        if number == 1:
            line = line.removeprefix(_MARK)
        if line := line.strip(b"\r\n\t "):
            yield number, line


def whole(file: BinaryIO, where: str, longest: int = LONGEST_FILE) -> Any:
    """What one JSON file holds."""
    body = file.read(longest + 1)
    if len(body) > longest:
        raise BadFile(where=where, why=too_long(longest))
    return value(body.removeprefix(_MARK), where)


def value(body: bytes, where: str) -> Any:
    """One JSON value. Nesting that is too deep, NaN, lone surrogates and what is no UTF-8 are refused."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        why = _("This is no valid JSON (%(reason)s).") % {"reason": str(error)[:120]}
        raise BadFile(where=where, why=why) from None


def obj(value: Any, where: str) -> dict[str, Any]:
    if type(value) is not dict:
        raise BadFile(where=where, why=_("A JSON object is expected here."))
    return value


def array(value: Any, name: str, where: str) -> list[Any]:
    """A list; what is null or not there is an empty one."""
    if value is None:
        return []
    if type(value) is not list:
        raise BadFile(where=where, why=_("“%(name)s” must be a list.") % {"name": name})
    return value


def words(value: Any, name: str, where: str) -> str:
    if type(value) is not str:
        raise BadFile(where=where, why=_("“%(name)s” must be text.") % {"name": name})
    # A line is bounded as it is read; in a file that is read whole one text could be all of it.
    if len(value) > LONGEST_LINE:
        raise BadFile(where=where, why=too_long(LONGEST_LINE))
    return value


def name(value: Any, name: str, where: str) -> str:
    """An identifier: some programs count, others write."""
    if type(value) is int:
        return str(value)
    return words(value, name, where)


def offset(value: Any, where: str) -> int:
    if type(value) is not int:
        raise BadFile(where=where, why=_("The place of a tag must be two whole numbers."))
    return value


def dumps(value: Any) -> bytes:
    return orjson.dumps(value)


def too_long(longest: int) -> str:
    return _("It is longer than %(limit)s MB, and is not read.") % {"limit": longest // 1024 // 1024}
