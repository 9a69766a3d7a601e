"""Small drawings, times and durations for the pages."""

from __future__ import annotations

import re
from datetime import datetime

from django.template import Library
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

register = Library()

_COMMAND = re.compile(r"`(?=[^`\n]{30})([^`\n]* [^`\n]*)`(?:\.(?=\s|$)|(?=\s|$))")
"""Long, of several words, and not in the middle of something: neither a bracket nor a comma comes behind it."""

_WITH_HYPHENS = re.compile(r"(?<!\S)(?=\S{3,30}(?!\S))\S*-\w\S*")
"""A name, or an option of a command. What is longer, such as an object id, would leave half a line empty before it."""

# Drawn on a grid of 20 by 20 with a round pen; the style sheet gives size and colour.
DRAWINGS = {
    "check": '<circle cx="10" cy="10" r="8"/><path d="m6.5 10.3 2.4 2.4 4.6-5"/>',
    "flag": '<path d="M5 18V3m0 1c4-2 6 2 10 0v8c-4 2-6-2-10 0"/>',
    "question": '<circle cx="10" cy="10" r="8"/><path d="M7.8 7.8a2.3 2.3 0 1 1 3.2 2.1c-.7.3-1 .8-1 1.5M10 14.2v.1"/>',
    "circle": '<circle cx="10" cy="10" r="8" stroke-dasharray="3 2.6"/>',
    "clock": '<circle cx="10" cy="10" r="8"/><path d="M10 5.5V10l3 2"/>',
    "play": '<circle cx="10" cy="10" r="8"/><path d="m8.3 6.8 5 3.2-5 3.2z"/>',
    "stop": '<circle cx="10" cy="10" r="8"/><path d="m7 7 6 6m0-6-6 6"/>',
    "star": '<path d="m10 2.5 2.3 4.9 5.2.7-3.8 3.7.9 5.3-4.6-2.6-4.6 2.6.9-5.3-3.8-3.7 5.2-.7z"/>',
    "end": '<circle cx="10" cy="10" r="8"/><circle cx="10" cy="10" r="2.5"/>',
    "key": '<circle cx="6.5" cy="13.5" r="3.5"/><path d="m9 11 8-8m-3 3 2.5 2.5M11.5 8.5 13 10"/>',
    "cloud": '<path d="M6 15.5a3.5 3.5 0 0 1-.4-7 4.8 4.8 0 0 1 9.2-.7 3.9 3.9 0 0 1-.6 7.7z"/>',
    "arrow": '<path d="M4 10h12m-4.5-4.5L16 10l-4.5 4.5"/>',
    "hand": '<path d="M6 11V5.2a1.2 1.2 0 0 1 2.4 0V9m0-.3V3.9a1.2 1.2 0 0 1 2.4 0v4.8m0-3.6a1.2 1.2 0 0 1 2.4 0v5'
    'm0-2.4a1.2 1.2 0 0 1 2.4 0v4.1a6 6 0 0 1-6 6c-2.4 0-3.9-1-5.1-3.3l-1.9-3.6a1.2 1.2 0 0 1 2.1-1.2L6 11.4"/>',
    "eye": '<path d="M2 10c2-3.5 4.7-5.2 8-5.2s6 1.7 8 5.2c-2 3.5-4.7 5.2-8 5.2S4 13.5 2 10z"/>'
    '<circle cx="10" cy="10" r="2.3"/>',
    "pencil": '<path d="m3.5 16.5.8-3.6 9-9 2.8 2.8-9 9zm8-10.8 2.8 2.8"/>',
    "machine": '<rect x="2.5" y="4" width="15" height="9.5" rx="1.5"/><path d="M7 17h6m-3-3.5V17"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing beside words that say the same; screen readers skip it."""
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>',
        name,
        mark_safe(DRAWINGS[name]),  # noqa: S308 - our own drawing
    )


@register.simple_tag
def clock(moment: datetime) -> SafeString:
    """The time of day; the browser turns it into the reader's own time zone."""
    return _time(moment, "time", f"{localtime(moment):%H:%M:%S} UTC")


@register.simple_tag
def date_and_time(moment: datetime) -> SafeString:
    """Day and time; the browser turns it into the reader's own time zone."""
    local = localtime(moment)
    return _time(moment, "datetime", f"{local.day} {local:%B %Y, %H:%M} UTC")


@register.simple_tag
def to_the_second(moment: datetime) -> SafeString:
    """Day and time with its seconds; the browser turns it into the reader's own time zone."""
    local = localtime(moment)
    return _time(moment, "exact", f"{local.day} {local:%B %Y, %H:%M:%S} UTC")


@register.filter
def duration(seconds: float | None) -> str:
    """In the unit a reader would use; "" while it is not known."""
    if seconds is None:
        return ""
    if seconds < 1:
        return "under a second"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"


@register.filter
def code(words: str) -> SafeString:
    """Words in which `…` is something to type. A whole command has lines of its own, as nobody can pick it out of a
    sentence; the full stop behind it, which is no part of it, then goes."""
    apart = _COMMAND.sub(r'<code class="command">\1</code>', escape(words))
    typed = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", apart)
    parts = re.split(r"(<[^>]*>)", typed)  # every other one is a tag of ours
    parts[::2] = map(_names_whole, parts[::2])
    return mark_safe("".join(parts))  # noqa: S308 - escape has just dealt with all but our own tags


@register.filter
def whole(words: str) -> SafeString:
    """Words in which a name is not broken at its hyphens while it fits a line: half of it reads as another name."""
    return mark_safe(_names_whole(escape(words)))  # noqa: S308 - escape has just dealt with all but our own tags


def _names_whole(escaped: str) -> str:
    return _WITH_HYPHENS.sub(r'<span class="whole">\g<0></span>', escaped)


def _time(moment: datetime, style: str, words: str) -> SafeString:
    return format_html('<time datetime="{}" data-local="{}">{}</time>', moment.isoformat(), style, words)
