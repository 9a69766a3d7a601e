"""The board: who needs help first, a cell a task, narrowed by its address; the same queries for three as for thirty."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labportal.board.narrow import ALL, SIZES
from labportal.classes.models import LabClass, Membership
from labportal.standings.models import Standing
from tests.board.staged import STOPPED, ago, at_task, finished, placed
from tests.classes.school import Role, member
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


def board(browser: Browser, lab_class: LabClass, said: str = "") -> Answer:
    answer = browser.get(reverse("board:board", args=[lab_class.pk]) + said)
    assert answer.status_code == 200
    return answer


def names(answer: Answer) -> list[str]:
    """In the order of the page's rows."""
    heads = re.findall(r'<th role="rowheader" scope="row">(.*?)</th>', answer.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", head).strip() for head in heads]


def row_of(answer: Answer, one: Membership) -> str:
    found = re.search(rf'<tr id="m{one.pk}".*?</tr>', answer.content.decode(), re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])).strip()


@pytest.fixture
def some(monday: LabClass) -> dict[str, Membership]:
    """One of each kind, by name."""
    return {
        "Ada": placed(monday, "ada", last_at=ago(1), done=2, task_id="create-secret", hints=2),
        "Ben": placed(monday, "ben", **STOPPED | {"failures": 4}, repaired=1),
        "Cho": placed(monday, "cho", hand_at=ago(3)),
        "Dee": placed(monday, "dee", last_at=ago(30), by_portal=1),
        "Eve": finished(monday, "eve", mastered_at=ago(1)),
        "Fay": placed(monday, "fay", begun_at=None, last_at=None, task_id="", done=0),
        "Gus": placed(monday, "gus", hand_at=ago(9)),
    }


def test_who_needs_help_stands_first_and_hands_in_the_order_they_were_raised(
    teacher: Browser, monday: LabClass, some: dict[str, Membership]
) -> None:
    assert names(board(teacher, monday)) == ["Gus", "Cho", "Ben", "Dee", "Ada", "Fay", "Eve"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("?need=stuck", ["Gus", "Cho", "Ben", "Dee"]),
        ("?need=hand", ["Gus", "Cho"]),
        ("?need=idle", ["Dee"]),
        ("?need=done", ["Eve"]),
        ("?need=mastered", ["Eve"]),
        ("?need=alone", ["Eve"]),
        ("?need=not_begun", ["Fay"]),
        ("?at=create-secret", ["Ada"]),
        ("?reason=policy_without_get", ["Ben"]),
        ("?reason=nobody_has_this", []),
        ("?help=hints", ["Ada"]),
        ("?help=repaired", ["Ben"]),
        ("?help=portal", ["Dee"]),
        ("?help=alone&sort=name", ["Cho", "Eve", "Gus"]),
        ("?q=AD", ["Ada"]),
        ("?q=adá", ["Ada"]),
        ("?q=e&sort=name", ["Ben", "Dee", "Eve"]),
        ("?q=e&need=stuck", ["Ben", "Dee"]),
        ("?sort=name", ["Ada", "Ben", "Cho", "Dee", "Eve", "Fay", "Gus"]),
        ("?sort=progress", ["Eve", "Ben", "Cho", "Dee", "Gus", "Ada", "Fay"]),
        ("?need=nonsense&at=nowhere&sort=backwards&show=9&page=x", ["Gus", "Cho", "Ben", "Dee", "Ada", "Fay", "Eve"]),
    ],
)
def test_the_address_says_who_is_shown_and_in_which_order(
    teacher: Browser, monday: LabClass, some: dict[str, Membership], said: str, shown: list[str]
) -> None:
    assert names(board(teacher, monday, said)) == shown


def test_the_last_sign_of_life_comes_first_when_asked_for(
    teacher: Browser, monday: LabClass, some: dict[str, Membership]
) -> None:
    assert names(board(teacher, monday, "?sort=seen"))[-2:] == ["Dee", "Fay"]


def test_the_form_says_what_the_address_says(teacher: Browser, monday: LabClass, some: dict[str, Membership]) -> None:
    page = board(teacher, monday, "?need=stuck&reason=policy_without_get&q=e").content.decode()
    assert '<option value="stuck" selected>' in page
    assert '<option value="policy_without_get" selected>' in page
    assert 'value="e"' in page


def test_a_row_tells_how_each_task_was_done_and_what_stops(teacher: Browser, monday: LabClass) -> None:
    ada = placed(monday, "ada", **STOPPED | {"tries": 2}, hints=1, repaired=1, by_portal=1, seconds=400)
    at_task(ada, "preflight", done_at=ago(50), provenance="student")
    at_task(ada, "create-vault", done_at=ago(40), provenance="student", hints=1)
    at_task(ada, "create-secret", done_at=ago(30), provenance="repaired")
    at_task(
        ada, "grant-access", state="finished", verdict="not_yet", check_id="x", reason="policy_without_get", tries=2
    )
    row = row_of(board(teacher, monday), ada)
    assert "Alone" in row
    assert "1 hint" in row
    assert "Repaired" in row
    assert "Not yet , 2 tries The VM&#x27;s policy does not allow getting secrets." in row
    assert "1 hint 1 repaired 1 carried out" in row
    assert "7 min" in row


def test_what_an_instructor_looked_at_ahead_of_the_student_draws_no_attention(
    teacher: Browser, monday: LabClass
) -> None:
    ada = placed(monday, "ada", task_id="create-vault")
    found = {"state": "finished", "verdict": "not_yet", "check_id": "x"}
    at_task(ada, "create-vault", reason="vault_missing", **found)
    at_task(ada, "grant-access", reason="policy_without_get", **found)
    at_task(ada, "read-secret", reason="answer_missing", tries=1, **found)
    row = row_of(board(teacher, monday), ada)
    assert (row.count("Not tried"), row.count("Not yet , 1 try")) == (2, 1)
    assert all(LAB.reasons[one].meaning in row for one in ("vault_missing", "answer_missing"))
    assert LAB.reasons["policy_without_get"].meaning.split("'")[0] not in row


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"done_at": ago(1), "provenance": "portal"}, "Carried out"),
        ({"done_at": ago(1), "provenance": "student", "hints": 3}, "3 hints"),
        ({"done_at": ago(1), "provenance": "student", "on_behalf": True}, "Alone Found by an instructor&#x27;s check"),
        ({"state": "running", "tries": 1}, "Under way , 1 try"),
        ({"state": "waiting", "verdict": "could_not_tell", "reason": "vault_busy"}, "Waits for Azure 429 or 5xx"),
        (
            {"state": "waiting", "verdict": "could_not_tell", "reason": "credential_rejected"},
            "Waits for the student Azure does not accept the credential",
        ),
        ({"state": "finished", "verdict": "could_not_tell", "reason": "throttled"}, "Could not tell Azure asks for"),
        ({"state": "cancelled"}, "To do"),
    ],
)
def test_a_cell_says_it_in_words(teacher: Browser, monday: LabClass, fields: dict[str, Any], words: str) -> None:
    ada = placed(monday, "ada", task_id="grant-access")
    at_task(ada, "create-vault", **fields)
    assert words in row_of(board(teacher, monday), ada)


def test_the_strip_counts_everybody_once(teacher: Browser, monday: LabClass, some: dict[str, Membership]) -> None:
    page = text(board(teacher, monday, "?q=nobody"))
    assert "4 need help 1 working 1 not begun 1 done 1 of them alone 1 mastered 7 students" in page
    assert "2 with a hand raised 1 with the same failure again 1 idle" in page


def test_the_top_causes_stand_on_the_board(teacher: Browser, monday: LabClass, some: dict[str, Membership]) -> None:
    assert "1 of 4 at Task 3: The VM's policy does not allow getting secrets." in text(board(teacher, monday))


def test_pages_of_fifty_keep_what_the_address_says(teacher: Browser, monday: LabClass) -> None:
    for number in range(60):
        placed(monday, f"s{number:02}")
    first = board(teacher, monday, "?sort=name&q=s")
    assert (len(names(first)), "1 to 50 of 60" in text(first)) == (50, True)
    assert "?sort=name&amp;q=s&amp;page=2" in first.content.decode()
    assert names(board(teacher, monday, "?sort=name&q=s&page=2")) == [f"S{number}" for number in range(50, 60)]
    assert len(names(board(teacher, monday, "?show=100"))) == 60
    assert (ALL, len(names(board(teacher, monday, "?show=all")))) == (SIZES["all"], 60)


def test_thirty_cost_as_many_queries_as_three(teacher: Browser, monday: LabClass) -> None:
    def asked() -> dict[str, int]:
        counted = {}
        for name in ("board:board", "board:wall", "board:causes"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert teacher.get(reverse(name, args=[monday.pk])).status_code == 200
            counted[name] = len(queries)
        return counted

    for number in range(3):
        placed(monday, f"a{number}", **STOPPED)
    three = asked()
    for number in range(27):
        finished(monday, f"b{number}")
    assert asked() == three
    assert max(three.values()) <= 9


def test_who_is_done_and_who_did_it_alone_is_seen_at_once(teacher: Browser, monday: LabClass) -> None:
    alone = finished(monday, "ada")
    helped = [
        finished(monday, "ben", hints=1),
        finished(monday, "cho", repaired=1),
        finished(monday, "dee", by_portal=4),
    ]
    placed(monday, "eve")  # alone so far
    page = board(teacher, monday)
    assert "1 working 4 done 1 of them alone 0 mastered 5 students" in text(page)
    assert "All tasks alone" in row_of(page, alone)
    assert not any("All tasks alone" in row_of(page, one) for one in helped)
    assert names(board(teacher, monday, "?need=alone")) == ["Ada"]


def test_what_stops_somebody_is_said_once_in_their_row(teacher: Browser, monday: LabClass) -> None:
    failing = placed(monday, "ada", **STOPPED | {"failures": 3})
    asking = placed(monday, "ben", **STOPPED | {"hand_at": ago(1)})
    for one in (failing, asking):
        at_task(one, "grant-access", state="finished", verdict="not_yet", reason="policy_without_get", tries=3)
    page = board(teacher, monday)
    for one in (failing, asking):
        assert row_of(page, one).count("does not allow getting secrets.") == 1


@pytest.mark.parametrize(("query", "students"), [("", 0), ("", 1), ("?q=nobody", 1)])
def test_the_keyboard_has_a_short_way_to_the_students(
    teacher: Browser, monday: LabClass, query: str, students: int
) -> None:
    for number in range(students):
        placed(monday, f"s{number}")
    page = board(teacher, monday, query).content.decode()
    assert page.count('href="#students"') == page.count('id="students" tabindex="-1"') == students


def test_a_name_is_text_whatever_is_in_it(teacher: Browser, monday: LabClass) -> None:
    ada = placed(monday, "ada")
    ada.name = "<script>alert(1)</script>"
    ada.save()
    page = board(teacher, monday, "?q=<script>").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_without_anybody_it_says_how_to_begin(teacher: Browser, monday: LabClass) -> None:
    assert "Nobody is in this class yet" in text(board(teacher, monday))


def test_the_rule_is_stated_with_the_classs_own_bounds(teacher: Browser, monday: LabClass) -> None:
    monday.stuck_failures, monday.stuck_idle_minutes = 4, 25
    monday.save()
    for number in range(5):
        finished(monday, f"quick-{number}", seconds=600)
    page = text(board(teacher, monday))
    assert "for the same reason 4 times in a row" in page
    assert "for 25 minutes" in page
    assert "Task 3 11 min" in page


def test_an_open_page_fetches_its_live_part_alone(teacher: Browser, monday: LabClass) -> None:
    placed(monday, "ada")
    for name in ("board:board", "board:wall", "board:causes"):
        part = teacher.htmx_get(reverse(name, args=[monday.pk])).content.decode()
        assert 'data-stream="/events/classes/' in part
        assert "<html" not in part


def test_an_observer_sees_all_and_students_nothing(monday: LabClass) -> None:
    ada = Browser(placed(monday, "ada", **STOPPED).user)
    watcher = Browser(member(monday, "otto", Role.OBSERVER).user)
    other = LabClass.objects.create(lab_id=LAB.id, name="Tuesday group")
    stranger = Browser(member(other, "tom", Role.INSTRUCTOR).user)
    for name in ("board:board", "board:wall", "board:causes"):
        address = reverse(name, args=[monday.pk])
        assert watcher.get(address).status_code == 200
        assert watcher.post(address).status_code == 405
        assert ada.get(address).status_code == 403
        assert stranger.get(address).status_code == 404


def test_what_another_class_does_is_not_here(teacher: Browser, monday: LabClass) -> None:
    other = LabClass.objects.create(lab_id=LAB.id, name="Tuesday group")
    placed(other, "zoe", **STOPPED)
    assert "Zoe" not in text(board(teacher, monday))
    assert Standing.objects.count() == 1
