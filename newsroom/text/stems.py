"""What a search finds: text → words → stems, and the line of tokens that a database indexes.

The problem. SQLite's full text index and PostgreSQL's part text into words, fold accents and stem, each in
its own way and neither in both our languages; the same search would find other things on the other
database. So all of that happens here, and a database sees nothing but tokens of `a-z 0-9 _ =`, parted by
blanks, that no tokeniser takes apart or changes.

A **word** is what a reader takes for one: letters, digits and their marks. An apostrophe parts words
(l’azienda, D’Annunzio), so does a hyphen. A number is one word however its thousands are written (12.400 =
12,400 = 12400), and so is what mixes letters and digits (5G, H2O).

A **token** is one of these:

``ponte``     the word itself, without case and accents: phrases and beginnings are compared with it;
``=itpont``   its stem (Snowball), with the language that it was stemmed in;
``==gpt4``    two words that a hyphen joins, with a digit and a letter: GPT4 finds GPT-4, and the reverse.

A character that is not ASCII after folding (м, ω, 文) is written ``_`` and five hexadecimal digits. Each
is written by itself, so the beginning of a word is the beginning of its token.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from snowballstemmer.english_stemmer import EnglishStemmer
from snowballstemmer.italian_stemmer import ItalianStemmer

from .folding import fold

#: A word is known by so many characters. A database takes no token without end, and nobody looks for one.
LONGEST = 40

#: Words that say too little to be looked for beside others. Alone, or in quotes, they are looked for.
STOP_WORDS = frozenset(
    # Italian, with what an apostrophe leaves of it
    "a ad agli ai al all alla alle allo c che chi ci coi col con cui d da dagli dai dal dall dalla dalle "
    "dallo degli dei del dell della delle dello di e ed era fra gli ha hanno ho i il in io l la le lo m "
    "ma n ne negli nei nel nell nella nelle nello non o od per quell quest s se si sono su "
    "sugli sui sul sull sulla sulle sullo t tra un una uno v vi "
    # English, likewise
    "an and are as at be been but by for from had has have he is it its not of on or that the their they "
    "this to was were which will with".split()
)

# A stemmer keeps the word that it works on in itself, and two threads may stem at once: one for each call.
_STEMMERS = {"it": ItalianStemmer, "en": EnglishStemmer}
#: The languages that are stemmed.
LANGUAGES = tuple(_STEMMERS)

_MARKS = "".join(
    re.escape(chr(code)) for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M"
)
_WORD = re.compile(
    # 12.400, 1’234’567.5, 10 000 with a blank that does not break; then 3,5
    r"[0-9]{1,3}(?:[.,'’\u00a0\u2009\u202f][0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+[.,][0-9]+"
    rf"|[^\W_](?:[^\W_]|[{_MARKS}\u200c\u200d])*"
)
_NUMBER = re.compile(r"[0-9]+(?:[^0-9][0-9]+)+")
_THOUSANDS = re.compile(r"[.,'’\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
#: Letters that Unicode does not take apart, and that are looked for without their stroke.
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_HYPHENS = frozenset("-\u2010\u2011")
_ENCODED = re.compile("_[0-9a-f]{5}")
_POINT = f"_{ord('.'):05x}"
#: A token of its own between texts that are indexed together: no phrase runs over it.
_BREAK = "="


class Word(NamedTuple):
    """A word where it stands in its text (code points, end exclusive), and its token."""

    start: int
    end: int
    token: str


def words(text: str) -> Iterator[Word]:
    """The words of a text, in order."""
    for found in _WORD.finditer(text):
        token = _token(found.group())
        if token:
            yield Word(found.start(), found.end(), token)


def indexed(*texts: tuple[str, str]) -> str:
    """The tokens of texts, each with its language tag, for one column of an index; "" if they have no word.

    First the words in their order, for phrases; then, each once, what words are also found by. A blank stands
    before and behind every token.
    """
    lines, also = [], set()
    for text, lang in texts:
        found = list(words(text))
        also |= set(_stems({word.token for word in found}, lang)) | set(_pairs(text, found))
        if found:
            lines.append(" ".join(word.token for word in found))
    if not lines:
        return ""
    return f" {f' {_BREAK} '.join(lines)} {''.join(f'{token} ' for token in sorted(also))}"


def stem(token: str, lang: str) -> str:
    """The token of a word's stem; "" in a language that is not stemmed, and for numbers."""
    language = lang.partition("-")[0].lower()
    return _stem(token, language) if language in _STEMMERS and token.isalpha() else ""


def pair(text: str, first: Word, second: Word) -> str:
    """The token of two neighbours that a hyphen joins, if they have a digit and a letter; else ""."""
    if second.start - first.end != 1 or text[first.end] not in _HYPHENS:
        return ""
    joined = first.token + second.token
    return f"=={joined}" if _is_mixed(joined) else ""


def forms(token: str) -> tuple[str, ...]:
    """All tokens that a word is found by when its language is not known: itself and its stems."""
    joined = (f"=={token}",) if _is_mixed(token) else ()
    return (token, *(stem(token, lang) for lang in LANGUAGES if token.isalpha()), *joined)


def initial(token: str) -> str:
    """The first character of the word that a token stands for: a stem has its word's."""
    return token.lstrip("=")[2 if is_stem(token) else 0]


def is_stem(token: str) -> bool:
    return token.startswith("=") and not token.startswith("==")


def _stems(tokens: Iterable[str], lang: str) -> Iterator[str]:
    return (found for token in tokens if token not in STOP_WORDS and (found := stem(token, lang)))


def _pairs(text: str, found: list[Word]) -> Iterator[str]:
    return (
        joined
        for one, other in pairwise(found)
        # Nearly all stand a blank apart: asked here, for there are as many as words.
        if text[one[1]] in _HYPHENS and (joined := pair(text, one, other))
    )


def _is_mixed(token: str) -> bool:
    """Whether a word has digits and letters. A decimal point is neither, an encoded character is a letter."""
    plain = _ENCODED.sub("x", token.replace(_POINT, ""))
    return any(c.isdigit() for c in plain) and any(c.isalpha() for c in plain)


@lru_cache(maxsize=1 << 16)
def _token(word: str) -> str:
    """Without case, accents and strokes, in ASCII; "" if nothing is left that could be looked for."""
    if _NUMBER.fullmatch(word):
        word = re.sub(r"[^0-9]", ".", _THOUSANDS.sub("", word))
    plain = fold(word).translate(_STROKES)[:LONGEST]
    return "".join(
        c if c.isascii() and c.isalnum() else f"_{ord(c):05x}" for c in plain if c.isalnum() or c == "."
    )


@lru_cache(maxsize=1 << 16)
def _stem(token: str, language: str) -> str:
    return f"={language}{_STEMMERS[language]().stemWord(token)}"
