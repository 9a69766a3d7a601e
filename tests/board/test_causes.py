"""What stops whom: those that are alike together, told apart by who can do something about it; and the wall."""

from __future__ import annotations

import re

from django.urls import reverse

from labportal.board.causes import NAMED, causes_of, names_of
from labportal.classes.models import LabClass
from steps.kit.problems import Whose
from tests.board.staged import STOPPED, ago, at_task, finished, placed
from tests.classes.school import Role, member
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB

RBAC = {
    **STOPPED,
    "task_id": "create-vault",
    "check_id": "vault-permission-model",
    "reason": "vault_in_rbac_mode",
    "seconds": 600,
    "tries": 3,
}
THROTTLED = {**STOPPED, "verdict": "could_not_tell", "check_id": "policy-exists", "reason": "throttled", "failures": 0}


def page(browser: Browser, lab_class: LabClass, name: str) -> str:
    answer = browser.get(reverse(name, args=[lab_class.pk]))
    assert answer.status_code == 200
    return text(answer)


def test_the_same_at_the_same_task_is_one_cause(monday: LabClass) -> None:
    placed(monday, "ada", **RBAC)
    placed(monday, "ben", **RBAC | {"seconds": 1_200})
    placed(monday, "cho", **RBAC | {"check_id": "vault-exists", "reason": "vault_missing"})
    placed(monday, "dee", task_id="create-vault")
    finished(monday, "eve")
    first, second = causes_of(LAB, monday)
    assert (first.number, first.at_task, first.task) == (2, 4, "Task 1")
    assert first.meaning == LAB.reasons["vault_in_rbac_mode"].meaning
    assert (first.check, first.tries, first.typical, first.longest) == ("The vault's permission model", 6, 900, 1_200)
    assert first.mends == ("Switch the vault to access policies",)
    assert (second.number, second.reason) == (1, "vault_missing")


def test_a_class_that_allows_no_repair_is_told_of_none(monday: LabClass) -> None:
    placed(monday, "ada", **RBAC)
    monday.allows_repair = False
    assert [cause.mends for cause in causes_of(LAB, monday)] == [()]


def test_it_is_told_apart_who_can_do_something(monday: LabClass) -> None:
    placed(monday, "ada", **RBAC)
    placed(monday, "ben", **THROTTLED)
    placed(monday, "cho", **STOPPED | {"verdict": "could_not_tell", "check_id": "", "reason": "", "state": "lost"})
    assert {cause.reason: cause.whose for cause in causes_of(LAB, monday)} == {
        "vault_in_rbac_mode": Whose.STUDENT,
        "throttled": Whose.AZURE,
        "": Whose.PORTAL,
    }


def test_who_is_done_or_has_not_begun_is_stopped_by_nothing(monday: LabClass) -> None:
    finished(monday, "ada", verdict="not_yet", reason="policy_without_get")
    placed(monday, "ben", **RBAC | {"begun_at": None})
    assert causes_of(LAB, monday) == ()


def test_the_page_names_who_is_behind_it(teacher: Browser, monday: LabClass) -> None:
    for number in range(NAMED + 3):
        placed(monday, f"s{number:02}", **RBAC)
    said = page(teacher, monday, "board:causes")
    assert "15 of 15 at Task 1 The vault goes by roles, so that access policies do not count." in said
    assert "S00 S01" in said
    assert "S11 and 3 more" in said
    assert "S12" not in said
    assert "Theirs to mend" in said
    assert "The portal can mend it for whoever accepts: Switch the vault to access policies ." in said
    assert {len(who) for who in names_of(monday).values()} == {NAMED}


def test_a_cause_leads_to_its_students_and_to_a_message(teacher: Browser, monday: LabClass) -> None:
    placed(monday, "ada", **RBAC)
    placed(monday, "ben", **STOPPED)
    html = teacher.get(reverse("board:causes", args=[monday.pk])).content.decode()
    board = reverse("board:board", args=[monday.pk])
    assert f'href="{board}?at=create-vault&amp;reason=vault_in_rbac_mode"' in html
    compose = reverse("support:compose", args=[monday.pk])
    (address,) = re.findall(rf'href="({compose}[^"]*reason=vault_in_rbac_mode)"', html)
    assert teacher.get(address.replace("&amp;", "&")).status_code == 200
    assert teacher.get(f"{board}?at=create-vault&reason=vault_in_rbac_mode").content.decode().count("<tr id=") == 1


def test_only_who_may_write_is_offered_to(monday: LabClass) -> None:
    """What travels to all open pages is the same for all: the page hides it from who only watches."""
    placed(monday, "ada", **RBAC)
    address = reverse("board:causes", args=[monday.pk])
    watcher = Browser(member(monday, "otto", Role.OBSERVER).user)
    assert "data-leads" not in watcher.get(address).content.decode()
    assert "data-leads" in Browser(member(monday, "tim", Role.INSTRUCTOR).user).get(address).content.decode()


def test_the_wall_tells_how_far_the_class_is_and_names_nobody(teacher: Browser, monday: LabClass) -> None:
    for name in ("ada", "ben"):
        placed(monday, name, **RBAC)
    placed(monday, "cho", **STOPPED, hand_at=ago(2))
    finished(monday, "dee", mastered_at=ago(1))
    at_task(placed(monday, "eve"), "create-vault", done_at=ago(9), provenance="portal")
    said = page(teacher, monday, "board:wall")
    assert "1 needs help" in said
    assert "Task 1 Create a key vault 40 % 2 of 5 done 2 here now" in said
    assert "2 of 2 at Task 1 The vault goes by roles, so that access policies do not count." in said
    for name in ("Ada", "Ben", "Cho", "Dee", "Eve", "kv-"):
        assert name not in said


def test_the_wall_points_at_nobody(teacher: Browser, monday: LabClass) -> None:
    placed(monday, "ada", **RBAC)
    placed(monday, "ben", **STOPPED)
    said = page(teacher, monday, "board:wall")
    assert "Nothing stops several of us at once." in said
    assert "roles" not in said


def test_the_wall_of_an_empty_class_is_a_wall(teacher: Browser, monday: LabClass) -> None:
    assert "0 of 0 done" in page(teacher, monday, "board:wall")
