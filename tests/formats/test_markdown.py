"""Markdown becomes the subset; its header fills in what it knows."""

from __future__ import annotations

from newsroom.formats.markdown import read

HEADED = """---
title: "Il ponte"
author: Ada Neri
date: 2024-05-06T10:00:00+02:00
lang: it
url: https://a.example/ponte
tags:
  - title: altro
---

Che cosa si sa.
"""


def test_marks_become_the_subset() -> None:
    made = read(
        "# Il ponte\n\nÈ **chiuso** da [maggio](https://a.example/) e ~~aperto~~.\n\n"
        "> Mai visto.\n\n- uno\n- due"
    )
    assert made.headline == "Il ponte"
    assert made.html == (
        '<p>È <strong>chiuso</strong> da <a href="https://a.example/">maggio</a> e aperto.</p>\n'
        "<blockquote><p>Mai visto.</p></blockquote>\n<ul><li>uno</li><li>due</li></ul>"
    )


def test_a_table_is_one() -> None:
    assert "<th>Anno</th>" in read("| Anno | Spesa |\n|---|---|\n| 2019 | 12 |").html


def test_a_header_fills_in_what_it_knows() -> None:
    made = read(HEADED)
    assert (made.headline, made.byline, made.date) == ("Il ponte", "Ada Neri", "2024-05-06")
    assert (made.lang, made.lang_from, made.canonical_url) == ("it", "declared", "https://a.example/ponte")
    assert made.html == "<p>Che cosa si sa.</p>"


def test_a_line_across_is_no_header() -> None:
    assert read("Prima.\n\n---\n\ntitle: dopo").headline == ""


def test_html_inside_it_is_sanitised_and_said() -> None:
    made = read("Prima <script>alert(1)</script><b onclick=x>dopo</b> <a href='javascript:x'>qui</a>.")
    assert made.html == "<p>Prima <strong>dopo</strong> qui.</p>"
    assert len(made.warnings) == 1


def test_an_address_without_a_site_leads_nowhere() -> None:
    """It would lead into this site, which knows no such page."""
    made = read("[Qui](/sindaca) e [là](#nota) e [altrove](altrove.md) ![](/foto.png)")
    assert made.html == "<p>Qui e là e altrove</p>"
