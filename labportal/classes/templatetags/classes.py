"""The frame around every page of a class."""

from __future__ import annotations

from typing import Any

from django.template import Context, Library

from labportal.classes.models import Membership
from labportal.classes.tabs import tabs_of

register = Library()


@register.inclusion_tag("classes/_tabs.html", takes_context=True)
def class_tabs(context: Context, membership: Membership) -> dict[str, Any]:
    """The pages of the class that its member may open, with the one that is open marked."""
    match = context["request"].resolver_match
    return {"tabs": tabs_of(membership, match.view_name if match else "")}
