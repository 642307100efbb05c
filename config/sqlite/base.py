"""Django's SQLite backend, which here sends as many values in one statement as SQLite takes.

Django keeps to 999, the limit before SQLite 3.32 (https://www.sqlite.org/limits.html, number 9), and parts
every larger insertion. With the limit of today the targets of a revision are written in one statement.
"""

from __future__ import annotations

from django.db.backends.sqlite3 import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    max_query_params = 32_766


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
