"""Many keys asked for at once, as one parameter: `pk__among=keys`.

To `pk__in` each key is a parameter, which Django prepares, and the database reads, one by one, each time that
the rows are asked for, counted or gone through.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import IntegerField
from django.db.models.lookups import Lookup


@IntegerField.register_lookup
class Among(Lookup):
    """Whether a key is one of a collection of whole numbers."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key, parameters = self.process_lhs(compiler, connection)
        return f"{key} IN (SELECT value FROM json_each(%s))", (*parameters, json.dumps(sorted(self.rhs)))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key, parameters = self.process_lhs(compiler, connection)
        return f"{key} = ANY(%s::bigint[])", (*parameters, sorted(self.rhs))
