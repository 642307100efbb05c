"""The project: its settings, its addresses and its doors to a web server."""
