"""A task's guide: Markdown to HTML that is safe to show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from steps.kit.task import Guide

_TAGS = {"a", "blockquote", "br", "code", "em", "h3", "h4", "li", "ol", "p", "pre", "strong", "ul"}
_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"a": {"href", "title"}, "code": {"class"}, "ol": {"start"}}
_WAY_TITLES = {"portal": "Azure portal", "az": "Azure CLI", "powershell": "PowerShell"}
_NAME = re.compile(r"<(strong|code)>[^\s<]{0,30}-[^\s<]{0,30}</\1>[^\s<]*")
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways to do a task: the key is remembered in the browser, the title is read."""

    key: str
    title: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class GuidePage:
    intro: SafeString
    ways: tuple[Way, ...]


@lru_cache(maxsize=1024)
def to_html(markdown: str) -> SafeString:
    """The student's own names stand in the text, so the result is cleaned whatever the source says.

    Links open beside the guide: nobody should lose their place by following one.
    """
    clean = nh3.clean(
        _markdown.render(markdown),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    clean = _NAME.sub(r'<span class="whole">\g<0></span>', clean)
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def guide_page(guide: Guide) -> GuidePage:
    ways = (Way(key, _WAY_TITLES.get(key, key), to_html(text)) for key, text in guide.ways.items())
    return GuidePage(intro=to_html(guide.intro), ways=tuple(ways))
