"""What rows by the hundred need: drawings that stand in the page once, and times told by how long ago they were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from django.template import Library
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime, now

from labportal.board.rows import Cell
from labportal.labs.templatetags.portal import DRAWINGS

register = Library()


@register.simple_tag
def signs() -> SafeString:
    """The drawings, for the ``sign`` of every row."""
    symbols = format_html_join(
        "",
        '<symbol id="sign-{}" viewBox="0 0 20 20">{}</symbol>',
        ((name, mark_safe(drawing)) for name, drawing in DRAWINGS.items()),  # noqa: S308 - our own drawings
    )
    return format_html('<svg class="signs" aria-hidden="true" focusable="false">{}</svg>', symbols)


_SIGNS = {
    name: format_html('<svg class="icon" aria-hidden="true"><use href="#sign-{}"/></svg>', name) for name in DRAWINGS
} | {"": SafeString("")}


@register.simple_tag
def sign(name: str) -> SafeString:
    """A drawing beside words that say the same, in a page that has ``signs``."""
    return _SIGNS[name]


@register.simple_tag
def cells(row: Iterable[Cell]) -> SafeString:
    """Most students of a class stand like others at a task: what is drawn for one of them is drawn for all."""
    return SafeString("".join(map(_drawn, row)))


@lru_cache(maxsize=2_048)
def _drawn(cell: Cell) -> str:
    return render_to_string("board/_cell.html", {"cell": cell})


@register.simple_tag
def ago(moment: datetime) -> SafeString:
    """How long ago, exactly on demand; the browser keeps it true (static/js/times.js)."""
    local = localtime(moment)
    exact = f"{local.day} {local:%B %Y, %H:%M:%S} UTC"
    words = words_ago(now() - moment)
    return format_html('<time datetime="{}" title="{}" data-ago>{}</time>', moment.isoformat(), exact, words)


def words_ago(passed: timedelta) -> str:
    """In the unit one would use: "just now", "4 min ago", "3 h ago", "2 days ago"."""
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} h ago"
    return f"{minutes // (24 * 60)} days ago"
