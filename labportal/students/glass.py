"""A page of somebody's under glass: everything can be read, and nothing pressed.

It works on the finished page, and lets through only what it knows: whatever button, form or live part a page comes to
have, under glass it does nothing. Links lead to where the same is seen under glass, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from django.utils.safestring import SafeString, mark_safe

Attributes = list[tuple[str, str | None]]
Leads = Callable[[str], str | None]
"""An address of a link, and where the link leads under glass: None for nowhere."""

LEFT_OUT = frozenset(("script", "noscript", "style", "iframe", "object", "embed", "link", "meta", "base"))
"""With what is in them. They fetch, run or send the reader away."""
PRESSED = frozenset(("button", "input", "select", "textarea", "option", "fieldset"))
VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
KEPT = frozenset((
    *("id", "class", "role", "lang", "dir", "title", "open", "value", "max", "min", "type", "rows", "for", "scope"),
    *("colspan", "rowspan", "datetime", "start", "checked", "placeholder", "alt", "src", "width", "height", "hidden"),
))  # fmt: skip
"""Attributes that only show; those of ARIA and ``data-`` besides, but for htmx's, and all of drawings."""
DRAWN = frozenset((
    *("svg", "g", "defs", "marker", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"),
    *("text", "tspan", "title", "desc"),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is left of a page: the line below the header, and the content with its classes of the style sheet."""

    subhead: SafeString
    main: SafeString
    main_class: str


def under_glass(page: str, leads: Leads) -> Sheet:
    """``page`` is a whole page of ours, from ``base.html``."""
    glazier = _Glazier(leads)
    glazier.feed(page)
    glazier.close()
    subhead, main = (mark_safe("".join(part)) for part in (glazier.subhead, glazier.main))  # noqa: S308 - see _Glazier
    return Sheet(subhead, main, glazier.main_class)


class _Glazier(HTMLParser):
    """Writes down again what it knows of a page, every text and every value of an attribute escaped anew."""

    def __init__(self, leads: Leads) -> None:
        super().__init__(convert_charrefs=True)
        self.subhead: list[str] = []
        self.main: list[str] = []
        self.main_class = ""
        self._leads = leads
        self._into: list[str] | None = None  # None between the parts that are kept
        self._ends_with = ""  # the element that the part is
        self._within = 0  # of the same kind that are open in it
        self._left_out = 0  # of elements open within what is left out

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        void = tag in VOID
        if self._left_out or tag in LEFT_OUT:
            self._left_out += not void
        elif self._into is None:
            self._begin(tag, dict(attrs))
        elif not (tag == "input" and dict(attrs).get("type") == "hidden"):
            self._within += tag == self._ends_with
            self._into.append(self._tag(tag, attrs))

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """Only drawings close themselves; elsewhere the slash means nothing."""
        if tag not in DRAWN:
            self.handle_starttag(tag, attrs)
        elif self._into is not None and not self._left_out:
            self._into.append(self._tag(tag, attrs).removesuffix(">") + "/>")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._left_out:
            self._left_out -= 1
        elif tag == self._ends_with and not self._within:
            self._into, self._ends_with = None, ""
        elif self._into is not None:
            self._within -= tag == self._ends_with
            self._into.append(f"</{_shown_as(tag)}>")

    def handle_data(self, data: str) -> None:
        if self._into is not None and not self._left_out:
            self._into.append(escape(data, quote=False))

    def _begin(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "main":
            self._into, self._ends_with = self.main, tag
            self.main_class = attributes.get("class") or ""
        elif tag == "section" and "subhead" in (attributes.get("class") or "").split():
            self._into, self._ends_with = self.subhead, tag

    def _tag(self, tag: str, attrs: Attributes) -> str:
        kept = [(name, value) for name, value in attrs if _only_shows(tag, name)]
        if tag in PRESSED:
            kept.append(("disabled", None))
        if tag == "a":
            kept += self._link(dict(attrs).get("href"))
        words = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in kept)
        return f"<{_shown_as(tag)}{words}>"

    def _link(self, address: str | None) -> Attributes:
        leads = self._leads(address) if address else None
        return [("aria-disabled", "true"), ("role", "link")] if leads is None else [("href", leads)]


def _shown_as(tag: str) -> str:
    """A form is a box: there is nothing to send."""
    return "div" if tag == "form" else tag


def _only_shows(tag: str, name: str) -> bool:
    if tag in DRAWN:
        return not name.startswith("on") and name not in ("href", "xlink:href", "style")
    return name in KEPT or (name.startswith(("aria-", "data-")) and not name.startswith("data-hx"))
