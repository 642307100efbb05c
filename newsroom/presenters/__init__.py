"""Rows arranged for one page, in few queries: what a template receives is what it may show."""
