"""The key that a name is sorted and searched by, the same on every database."""

from __future__ import annotations

import unicodedata

_APOSTROPHES = "‘’‚‛′ʹʻʼʽˈ`´＇"
_QUOTES = "“”„‟″«»ʺ＂"
_PLAIN = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_QUOTES, '"'))


def fold(name: str) -> str:
    """Without case, accents or invisible characters, with plain quotes and single blanks: L’Unità → l'unita.

    Folding what is folded changes nothing.
    """
    if name.isascii():
        # The backtick is the one sign there that is another than it looks.
        return " ".join(name.lower().replace("`", "'").split())
    decomposed = unicodedata.normalize("NFKD", name.translate(_PLAIN)).casefold()
    letters = unicodedata.normalize("NFKD", decomposed).translate(_PLAIN)
    return " ".join("".join(c for c in letters if unicodedata.category(c) not in ("Mn", "Me", "Cf")).split())
