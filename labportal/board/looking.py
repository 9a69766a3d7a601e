"""What a feed reads and draws, in a thread of its own: what has changed in a class since the last look."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from labportal.board.causes import causes_of
from labportal.board.need import Rule, rule_of
from labportal.board.pages import TOP, causes_page, wall_of
from labportal.board.rows import rows_of
from labportal.board.summary import summary_of
from labportal.classes.models import LabClass, Membership
from labportal.classes.roll import students_of
from steps.registry import LABS

AT_ONCE = 200
"""Rows drawn from one read."""
_TOLD = (
    *("name", "need", "standing__session", "standing__done", "standing__task_id", "standing__state"),
    *("standing__verdict", "standing__check_id", "standing__reason", "standing__failures", "standing__tries"),
    *("standing__seconds", "standing__last_at", "standing__hints", "standing__repaired", "standing__by_portal"),
    *("standing__hand_at", "standing__mastered_at"),
)
"""All that a row is drawn from but the tasks behind and before the student: what has changed in none of these is drawn
anew only when a nudge names the student."""
_BETWEEN_TAGS = re.compile(r"\s*\n\s*")
Told = tuple[Any, ...]
_NEED = _TOLD.index("need")
_HAND_AT = _TOLD.index("standing__hand_at")


class Kind(StrEnum):
    """A page that is open, by what it listens for. What the last two show depends on who looks, or on the address: they
    are not sent it, but told when to ask for it."""

    BOARD = "board"
    WALL = "wall"
    CAUSES = "causes"
    HANDS = "hands"
    ROUNDS = "rounds"


TOLD_TO_LOOK = frozenset({Kind.HANDS, Kind.ROUNDS})


@dataclass(frozen=True, slots=True)
class News:
    """``rows``: drawn anew, by member. ``moved``: whose need has changed, so that they may belong elsewhere, and who is
    new. ``gone``: who is no student of the class any more. ``parts``: what else a kind of page shows, drawn anew.
    ``stirred``: the kinds of page that are to ask again."""

    rows: Mapping[int, str] = field(default_factory=dict)
    moved: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    parts: Mapping[Kind, str] = field(default_factory=dict)
    stirred: frozenset[Kind] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.rows or self.moved or self.gone or self.parts or self.stirred)


class Watch:
    """One class, as far as it was seen. Not to be used by two threads at once."""

    def __init__(self, class_id: int) -> None:
        self._class_id = class_id
        self._rule: Rule | None = None
        self._known: dict[int, Told] = {}
        self._drawn: dict[int, int] = {}  # by member, the hash of the row that was sent last
        self._parts: dict[Kind, str] = {}

    def begin(self) -> None:
        """Takes what is there as known. Two queries. Raises LabClass.DoesNotExist."""
        self._known = _told(self._rule_now(anew=True).classify(students_of(self._class)))

    def look(self, members: Collection[int] | None, kinds: Collection[Kind]) -> News:
        """``members``: those to look at, None for all, which also sees what only the time has changed.

        As many queries for one as for ``AT_ONCE`` of them. Raises LabClass.DoesNotExist.
        """
        rule = self._rule_now(anew=members is None)
        students = rule.classify(students_of(self._class))
        told = _told(students if members is None else students.filter(pk__in=members))
        gone = frozenset((self._known if members is None else frozenset(members)) - told.keys()) & self._known.keys()
        moved = frozenset(
            key for key, one in told.items() if key not in self._known or _need(self._known[key]) != _need(one)
        )
        changed = [key for key, one in told.items() if members is not None or self._known.get(key) != one]
        stirred = TOLD_TO_LOOK if members is None else self._stirred(told, gone)
        for key in gone:
            del self._known[key]
            self._drawn.pop(key, None)  # pages mark the row as gone: should they come back, it is sent again
        self._known.update(told)
        rows = self._draw(rule, students, changed) if Kind.BOARD in kinds else {}
        return News(rows, moved, gone, self._draw_parts(students, kinds), stirred)

    def _stirred(self, told: Mapping[int, Told], gone: Collection[int]) -> frozenset[Kind]:
        """The queue of hands, where one of these has or had a hand up: it shows how they stand, too."""
        here, before = told.values(), (self._known[key] for key in {*told, *gone} & self._known.keys())
        hands = any(one[_HAND_AT] is not None for one in (*here, *before))
        return frozenset({Kind.HANDS}) if hands else frozenset()

    def _rule_now(self, *, anew: bool) -> Rule:
        """``anew`` reads the class and its pace again."""
        now = timezone.now()
        if anew or self._rule is None:
            self._class = LabClass.objects.get(pk=self._class_id)
            self._rule = rule_of(self._class, now)
        self._rule = replace(self._rule, now=now)
        return self._rule

    def _draw(self, rule: Rule, students: QuerySet[Membership], keys: list[int]) -> dict[int, str]:
        """Those rows that look otherwise than when they were drawn last."""
        drawn: dict[int, str] = {}
        for start in range(0, len(keys), AT_ONCE):
            for row in rows_of(rule, students.filter(pk__in=keys[start : start + AT_ONCE])):
                html = _in_one_line("board/_row.html", {"row": row, "class_id": self._class_id})
                if self._drawn.get(row.member_id) != hash(html):
                    self._drawn[row.member_id] = hash(html)
                    drawn[row.member_id] = html
        return drawn

    def _draw_parts(self, students: QuerySet[Membership], kinds: Collection[Kind]) -> dict[Kind, str]:
        """Those that look otherwise than before."""
        drawn = {kind: self._draw_part(kind, students) for kind in kinds if kind not in TOLD_TO_LOOK}
        changed = {kind: html for kind, html in drawn.items() if self._parts.get(kind) != html}
        self._parts.update(changed)
        return changed

    def _draw_part(self, kind: Kind, students: QuerySet[Membership]) -> str:
        match kind:
            case Kind.WALL:
                return _in_one_line("board/_wall_now.html", {"wall": wall_of(self._class)})
            case Kind.CAUSES:
                page = causes_page(self._class)
                return _in_one_line("board/_causes_now.html", {"page": page, "class_id": self._class_id})
            case Kind.BOARD:
                causes = causes_of(LABS[self._class.lab_id], self._class)[:TOP]
                shown = {"summary": summary_of(students), "causes": causes, "class_id": self._class_id}
                return _in_one_line("board/_now.html", shown)
            case Kind.HANDS | Kind.ROUNDS:
                raise ValueError(f"{kind} is told to look, and drawn for nobody")


def still_teach(class_id: int, users: Collection[int]) -> frozenset[int]:
    """Those of ``users`` who may see the class, and may sign in. One query."""
    there = Membership.objects.filter(lab_class=class_id, user__in=users, user__is_active=True)
    staff = there.exclude(role=Membership.Role.STUDENT)
    return frozenset(staff.values_list("user_id", flat=True))


def _told(students: QuerySet[Membership]) -> dict[int, Told]:
    """By member. One query."""
    return {key: tuple(told) for key, *told in students.order_by().values_list("pk", *_TOLD)}


def _need(told: Told | None) -> int | None:
    """None of who was not there."""
    return None if told is None else int(told[_NEED])


def _in_one_line(template: str, context: dict[str, Any]) -> str:
    """As it travels in a stream, where a line's end would be the end of a field."""
    return _BETWEEN_TAGS.sub(" ", render_to_string(template, context)).strip()
