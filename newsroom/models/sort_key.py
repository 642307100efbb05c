"""The key of an alphabetical list: a folded name, the same order on every database."""

from __future__ import annotations

from typing import Any

from django.db import models


class SortKeyField(models.CharField):
    """A name as `text/folding.py` folds it, compared by its code points.

    SQLite does so by itself. PostgreSQL would sort by the language that its database was made with, and put
    «l'unita» where no reader of another server finds it.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_length": 300, "editable": False, "db_index": True} | kwargs))

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
