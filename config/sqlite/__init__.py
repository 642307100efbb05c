"""Django's SQLite with the limits of the SQLite of today."""
