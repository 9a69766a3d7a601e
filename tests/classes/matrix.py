"""Who may do what at every address of a class. A new one is declared here, or tests/classes/test_matrix.py fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Who(IntEnum):
    """Whoever is let in, and all above them."""

    STUDENT = 0
    OBSERVER = 1
    INSTRUCTOR = 2


@dataclass(frozen=True)
class Rule:
    """Who may read, and who may change something; None where there is no such request, which is answered 405.

    ``body`` is what a click sends along. ``also_archived``: a change that an archived class allows.
    """

    get: Who | None
    post: Who | None = None
    body: Mapping[str, str] = field(default_factory=dict)
    also_archived: bool = False


MEMBERS_READ = Rule(get=Who.STUDENT)
STAFF_READ = Rule(get=Who.OBSERVER)
LEADERS_READ = Rule(get=Who.INSTRUCTOR)
CLICK = Rule(get=None, post=Who.INSTRUCTOR)
FORM = Rule(get=Who.INSTRUCTOR, post=Who.INSTRUCTOR)

RULES: dict[str, Rule] = {
    "board:board": STAFF_READ,
    "board:causes": STAFF_READ,
    "board:wall": STAFF_READ,
    "classes:about": MEMBERS_READ,
    "classes:answer": CLICK,
    "classes:archive": Rule(get=Who.INSTRUCTOR, post=Who.INSTRUCTOR, also_archived=True),
    "classes:bring_back": Rule(get=None, post=Who.INSTRUCTOR, also_archived=True),
    "classes:copy": Rule(get=Who.INSTRUCTOR, post=Who.INSTRUCTOR, also_archived=True),
    "classes:invitations": LEADERS_READ,
    "classes:invitations_sheet": LEADERS_READ,
    "classes:invite": STAFF_READ,
    "classes:invite_one": FORM,
    "classes:door": CLICK,
    "classes:leave": Rule(get=Who.STUDENT, post=Who.STUDENT, also_archived=True),
    "classes:let_back": CLICK,
    "classes:log": STAFF_READ,
    "classes:log_line": STAFF_READ,
    "classes:member": FORM,
    "classes:new_code": CLICK,
    "classes:newcomers": LEADERS_READ,
    "classes:people": STAFF_READ,
    "classes:put_out": Rule(get=None, post=Who.INSTRUCTOR, also_archived=True),
    "classes:qr": STAFF_READ,
    "classes:remove": Rule(get=Who.INSTRUCTOR, post=Who.INSTRUCTOR, also_archived=True),
    "classes:roster": FORM,
    "classes:settings": FORM,
    "classes:withdraw": CLICK,
    "results:csv": STAFF_READ,
    "results:failed": STAFF_READ,
    "results:points": STAFF_READ,
    "results:results": STAFF_READ,
    "results:revoke": Rule(get=None, post=Who.INSTRUCTOR, also_archived=True),
    "results:tokens": Rule(get=Who.INSTRUCTOR, post=Who.INSTRUCTOR, body={"name": "Gradebook", "days": "30"}),
    "results:xlsx": STAFF_READ,
    "rounds:begin": CLICK,
    "rounds:call_off": CLICK,
    "rounds:plan": CLICK,
    "rounds:round": STAFF_READ,
    "rounds:rounds": STAFF_READ,
    "students:as_attempt": STAFF_READ,
    "students:as_challenge": STAFF_READ,
    "students:as_clean_up": STAFF_READ,
    "students:as_history": STAFF_READ,
    "students:as_ideas": STAFF_READ,
    "students:as_lab": STAFF_READ,
    "students:as_task": STAFF_READ,
    "students:attempt": STAFF_READ,
    "students:check": CLICK,
    "students:drop_note": CLICK,
    "students:note": Rule(get=None, post=Who.INSTRUCTOR, body={"text": "She is quick."}),
    "students:reset": Rule(get=Who.INSTRUCTOR, post=Who.INSTRUCTOR, body={"counts": "first"}),
    "students:student": STAFF_READ,
    "support:compose": Rule(get=Who.INSTRUCTOR, post=Who.INSTRUCTOR, body={"text": "Look at the vault's name."}),
    "support:done": CLICK,
    "support:give_back": CLICK,
    "support:hands": STAFF_READ,
    "support:sent": STAFF_READ,
    "support:take": CLICK,
}
