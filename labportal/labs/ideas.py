"""The ideas behind a lab, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from labportal.labs.guides import to_html
from steps.kit.lab import Lab


@dataclass(frozen=True, slots=True)
class IdeaView:
    """``drawing`` names the template that draws it, "" for none."""

    id: str
    title: str
    html: SafeString
    drawing: str


def ideas_of(lab: Lab) -> tuple[IdeaView, ...]:
    return tuple(
        IdeaView(
            id=idea.id,
            title=idea.title,
            html=to_html(idea.text),
            drawing=f"labs/drawings/{idea.picture}.svg" if idea.picture else "",
        )
        for idea in lab.ideas.values()
    )
