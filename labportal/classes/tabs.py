"""The pages of a class that somebody finds at its top, by their role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from labportal.classes.models import Membership


@dataclass(frozen=True, slots=True)
class Tab:
    """``current`` is the page itself; ``within`` a page that belongs to it, such as a form that it leads to."""

    label: str
    address: str
    current: bool
    within: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page that has a tab. ``family`` are other addresses that belong to it: with a colon at its end, a room."""

    name: str
    label: str
    shown_to: Callable[[Membership], bool]
    family: tuple[str, ...] = ()

    def holds(self, view_name: str) -> bool:
        return any(view_name == one or (one.endswith(":") and view_name.startswith(one)) for one in self.family)


def everybody(membership: Membership) -> bool:
    return True


def staff(membership: Membership) -> bool:
    return membership.teaches


def instructors(membership: Membership) -> bool:
    return membership.leads


PEOPLE = (
    "classes:invitations",
    "classes:invite",
    "classes:invite_one",
    "classes:member",
    "classes:newcomers",
    "classes:put_out",
    "classes:remove",
    "classes:roster",
)
PAGES = (
    Page("board:board", "Board", staff, ("students:",)),
    Page("board:causes", "Causes", staff),
    Page("support:hands", "Help", staff, ("support:",)),
    Page("rounds:rounds", "Check everyone", staff, ("rounds:",)),
    Page("results:results", "Results", staff, ("results:",)),
    Page("classes:people", "People", staff, PEOPLE),
    Page("classes:log", "Log", staff, ("classes:log_line",)),
    Page("classes:settings", "Settings", instructors, ("classes:copy", "classes:archive")),
    Page("classes:about", "About", everybody, ("classes:leave",)),
)


def tabs_of(membership: Membership, view_name: str) -> list[Tab]:
    """Those this member may open, in their order; ``view_name`` is the page that shows them."""
    return [
        Tab(
            page.label,
            reverse(page.name, args=[membership.lab_class_id]),
            current=page.name == view_name,
            within=page.holds(view_name),
        )
        for page in PAGES
        if page.shown_to(membership)
    ]


def landing_of(membership: Membership) -> str:
    """The address of the page that a member wants first: the board who teaches, what is due a student."""
    if not membership.teaches:
        return reverse("classes:about", args=[membership.lab_class_id])
    return reverse("board:board", args=[membership.lab_class_id])
