"""What a plain archive must not hold: who a confidential source really is.

The rows of `ConfidentialSource` go out with a pseudonym in place of all that they say. That is not enough: a
name may have been written into a comment, a note, a record, an earlier state of a row. So each row that
leaves is looked into, and what is secret is replaced there too, by the pseudonym.

Two things cannot be rewritten, for offsets and hashes hang on them: the texts of articles and the files. If
a secret stands there no plain archive is made, and it is said where. What readers can read in a published
text is no secret by itself, and stays in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from newsroom.actions.erasure.files import look_into
from newsroom.actions.refusals import Refused
from newsroom.models import ConfidentialSource, Revision, Source
from newsroom.text.folding import fold
from newsroom.text.redaction import Forms, redacted, redacted_data, redacted_folded

#: Columns that offsets and hashes hang on.
WORDS = {
    "revision": {"html", "text", "blocks"},
    "target": {"exact", "prefix", "suffix"},
    "review": {"judged_words"},
    "historicalreview": {"judged_words"},
}
#: Why a source that came with a plain archive is confidential.
REASON = "It was confidential in the newsroom that the archive is of."
_WORD = re.compile(r"[^\W_]+")


def pseudonym_of(source: Source) -> str:
    return f"fonte-riservata-{source.code}"


class Secrets:
    """All that is confidential, and by what it is replaced. `pseudonyms` has each source with its own."""

    def __init__(self, *, at: datetime) -> None:
        self.pseudonyms: dict[str, str] = {}
        self._forms: list[tuple[Forms, str]] = []
        for row in ConfidentialSource.objects.select_related("source").order_by("pk"):
            pseudonym = pseudonym_of(row.source)
            self.pseudonyms[str(row.source.uuid)] = pseudonym
            if row.real_name != pseudonym:
                said = (row.real_name, row.contact, row.note, row.reason)
                self._forms += [(forms, pseudonym) for forms in map(_forms, said) if forms]
        self._at_first_sight = _at_first_sight(forms for forms, _pseudonym in self._forms)
        self._public = set(self._in_public(at)) if self._forms else set()
        self.left: set[str] = set()

    def hidden(self, kind: str, row: dict[str, Any]) -> dict[str, Any]:
        """A row as it may leave. Raises Refused if it cannot be made to."""
        if kind == "confidentialsource":
            pseudonym = self.pseudonyms[str(row["source"])]
            return {
                "source": row["source"],
                "real_name": pseudonym,
                "contact": "",
                "note": "",
                "reason": REASON,
            }
        if not self._forms:
            return row
        kept = WORDS.get(kind, set())
        return {
            name: self._column(kind, row, name, value, kept)
            if isinstance(value, str | list | dict)
            else value
            for name, value in row.items()
        }

    def see_file(self, name: str, body: bytes) -> None:
        """Raises Refused if a secret stands in a file."""
        for number, (forms, _pseudonym) in enumerate(self._forms):
            if number not in self._public and look_into(body, forms).content != body:
                raise self._refused(name)

    @property
    def any(self) -> bool:
        return bool(self._forms)

    def _column(self, kind: str, row: dict[str, Any], name: str, value: Any, kept: set[str]) -> Any:
        if not self._may_stand_in(value):
            return value
        rewritten = value
        for number, (forms, pseudonym) in enumerate(self._forms):
            after = redacted_data(rewritten, _rewriting(forms, pseudonym, folded=name == "sort_key"))
            if after != rewritten and name in kept:
                if number not in self._public:
                    raise self._refused(f"{kind} {row['uuid']}")
                self.left.add(f"{kind} {row['uuid']}")
                continue
            rewritten = after
        return rewritten

    def _may_stand_in(self, value: Any) -> bool:
        if isinstance(value, str):
            return bool(self._at_first_sight.search(value))
        if isinstance(value, list):
            return any(map(self._may_stand_in, value))
        if isinstance(value, dict):
            return any(self._may_stand_in(key) or self._may_stand_in(one) for key, one in value.items())
        return False

    def _in_public(self, at: datetime) -> Iterator[int]:
        """The numbers of those that every reader can read in an article."""
        public = (
            Revision.objects.filter(article__published_at__lte=at)
            .order_by("pk")
            .values_list("text", flat=True)
        )
        for text in public.iterator(chunk_size=100):
            if self._at_first_sight.search(text):
                for number, (forms, pseudonym) in enumerate(self._forms):
                    if redacted(text, forms, mask=pseudonym) != text:
                        yield number

    def _refused(self, where: str) -> Refused:
        words = _(
            "What is confidential stands in %(where)s, and a plain archive would hold it: make an encrypted "
            "one, or take the words out first."
        )
        return Refused(words, params={"where": where}, code="confidential")


def _forms(said: str) -> Forms | None:
    """None of what is no word, such as a dash where nothing is known."""
    try:
        forms = Forms.of([said])
    except ValueError:
        return None
    return forms if forms.words else None


def _at_first_sight(all_forms: Iterable[Forms]) -> re.Pattern[str]:
    """Finds a letter of what may be one of them, at a glance."""
    beginnings = set()
    for forms in all_forms:
        for words in forms.words:
            first = _WORD.search(words)
            assert first  # Forms.of saw to it
            composed = unicodedata.normalize("NFC", first[0])
            beginnings |= {re.escape(composed), re.escape(composed[0]) + r"\S*[<&*~`%\xad\u200b\u2060\ufeff]"}
            if folded := fold(first[0]).split():
                beginnings.add(re.escape(folded[0]))
    return re.compile("|".join(sorted(beginnings)) or r"(?!)", re.IGNORECASE)


def _rewriting(forms: Forms, pseudonym: str, *, folded: bool) -> Callable[[str], str]:
    def rewrite(text: str) -> str:
        if folded:
            return redacted_folded(text, forms)
        return redacted(text, forms, mask=pseudonym)

    return rewrite
