"""Exports, cell by cell."""

from __future__ import annotations

import csv
import io
import textwrap
import tracemalloc
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from labportal.classes.models import LabClass
from labportal.classes.sheets import harmless
from labportal.results.columns import columns_of
from labportal.results.exports import write_xlsx
from labportal.results.reading import all_rows
from labportal.results.views import EXPORTS
from tests.classes.school import Role, a_class, member
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB
from tests.results.achieved import BEGAN, By, begun, crowd, done, learner, open_task

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db
ZONE = "Europe/Berlin"
FIRST, VAULT, SECRET, GRANT, READ = LAB.tasks
assert LAB.challenge is not None
CHALLENGE = LAB.challenge
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_TASK = [
    *("state", "how", "found by an instructor's check", "tries", "first try passed"),
    *("minutes of work", f"done at ({ZONE})", "points"),
]
AFTER = [
    *("Tasks done", "Points (of 40)", "Tasks done late", "Points lost by being late", f"Complete at ({ZONE})"),
    *("Hints seen", "Tasks with a repair", "Tasks carried out by the portal", f"Mastery at ({ZONE})"),
]
HEAD = ["Name", "E-mail", *(f"{task.title}: {what}" for task in LAB.tasks for what in PER_TASK), *AFTER]
UNTOUCHED = ["To do", None, None, 0, None, None, None, 0]


@pytest.fixture
def lab_class() -> LabClass:
    return a_class("Größe & co", time_zone=ZONE, due_at=BEGAN + DAY, late="daily", late_percent=25)


def export(lab_class: LabClass, ending: str, role: Any = Role.INSTRUCTOR) -> Answer:
    return Browser(member(lab_class, f"{role}-{ending}", role).user).get(
        reverse(f"results:{ending}", args=[lab_class.pk])
    )


def csv_of(lab_class: LabClass) -> list[list[str]]:
    content = export(lab_class, "csv").getvalue()
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets take it for something else otherwise"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def xlsx_of(lab_class: LabClass) -> Any:
    return load_workbook(io.BytesIO(export(lab_class, "xlsx").getvalue()))


def cells(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def told(value: Any) -> str:
    """As the CSV writes what the XLSX holds."""
    if value is None:
        return ""
    return (
        value.isoformat(" ")
        if isinstance(value, datetime)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def wall(after: timedelta) -> datetime:
    """In the class's zone, where it is an hour later than in UTC, and to the second."""
    return (BEGAN + after + HOUR).replace(tzinfo=None, microsecond=0)


def everything(lab_class: LabClass) -> list[list[Any]]:
    """Students in every way; what the sheet has to say of each."""
    ada = learner(lab_class, "ada", name='Ada, Ånd "quoted"', email="ada@example.org")
    begun(ada, complete_at=BEGAN + 3 * DAY, mastered_at=BEGAN + 4 * DAY, hints=2)
    done(ada, FIRST, HOUR)
    done(ada, VAULT, 2 * HOUR, hints=2, tries=3, first_try=False, seconds=100)
    done(ada, SECRET, DAY, provenance=By.REPAIRED, seconds=0)
    done(ada, GRANT, DAY + timedelta(seconds=1), provenance=By.PORTAL, first_try=None)
    done(ada, READ, 3 * DAY)
    done(ada, CHALLENGE, 4 * DAY)
    ben = learner(lab_class, "ben")
    begun(ben)
    done(ben, FIRST, HOUR)
    open_task(ben, VAULT)
    open_task(ben, SECRET, state="running", verdict="")
    open_task(ben, GRANT, verdict="could_not_tell", first_try=None)
    zoe = learner(lab_class, "zoe")
    begun(zoe)
    done(zoe, FIRST, HOUR, on_behalf=True, tries=0, first_try=None, seconds=0)
    open_task(zoe, VAULT, tries=0, first_try=None)
    by_hand = ["Done", "Alone", "no", 1, "yes", 1.5]
    return [
        [
            *('Ada, Ånd "quoted"', "ada@example.org"),
            *(*by_hand, wall(HOUR), 0),
            *("Done", "With hints", "no", 3, "no", 1.7, wall(2 * HOUR), 10),
            *("Done", "With a repair", "no", 1, "yes", None, wall(DAY), 10),
            *("Done", "Carried out by the portal", "no", 1, None, 1.5, wall(DAY + timedelta(seconds=1)), 7.5),
            *(*by_hand, wall(3 * DAY), 5),
            *(5, 32.5, 2, 7.5, wall(3 * DAY), 2, 1, 1, wall(4 * DAY)),
        ],
        [
            *("Ben", None),
            *(*by_hand, wall(HOUR), 0),
            *("Not yet", None, None, 2, "no", None, None, 0),
            *("Under way", None, None, 2, "no", None, None, 0),
            *("Could not tell", None, None, 2, None, None, None, 0),
            *UNTOUCHED,
            *(1, 0, 0, 0, None, 0, 0, 0, None),
        ],
        [
            *("Zoe", None),
            *("Done", "Alone", "yes", 0, None, None, wall(HOUR), 0),
            *("Not tried", None, None, 0, None, None, None, 0),
            *(3 * UNTOUCHED),
            *(1, 0, 0, 0, None, 0, 0, 0, None),
        ],
    ]


def test_the_spreadsheet_says_it_all_with_real_dates_and_numbers(lab_class: LabClass) -> None:
    expected = everything(lab_class)
    sheet = xlsx_of(lab_class)["Results"]
    assert cells(sheet) == [HEAD, *expected]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(4, len(HEAD)).coordinate}"
    assert sheet.cell(2, 9).number_format == "yyyy-mm-dd hh:mm:ss"
    assert sheet.column_dimensions["A"].width > 20


def test_the_csv_says_the_same(lab_class: LabClass) -> None:
    expected = everything(lab_class)
    assert csv_of(lab_class) == [HEAD, *([told(value) for value in row] for row in expected)]


def test_mastery_has_a_column_of_points_where_the_class_gives_it_some(lab_class: LabClass) -> None:
    lab_class.points = {VAULT.id: 10, CHALLENGE.id: 20}
    lab_class.save()
    ada = learner(lab_class, "ada")
    begun(ada, mastered_at=BEGAN)
    done(ada, CHALLENGE, DAY + HOUR)
    head, row = csv_of(lab_class)
    assert head[-1] == "Mastery: points apart (of 20)"
    assert (row[-1], row[head.index("Points (of 10)")]) == ("15", "0")


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\uff1d1", "\r=1", "=cmd|' /C calc'!A0"]
)
def test_no_name_is_a_formula(lab_class: LabClass, name: str) -> None:
    one = learner(lab_class, "eve", name=name, email="=eve@example.org")
    row = csv_of(lab_class)[1]
    assert row[:2] == [f"'{one.name}", "'=eve@example.org"]
    for cell in xlsx_of(lab_class)["Results"][2][:2]:
        assert cell.data_type in ("s", "inlineStr")
        assert unescape(cell.value) in (one.name, "=eve@example.org")


@pytest.mark.parametrize("text", ["Ada", "", "O'Brien", "a=b", "1+1", "'=1", "Zoë (x)"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_the_second_sheet_tells_what_the_first_is(lab_class: LabClass) -> None:
    about = dict(cells(xlsx_of(lab_class)["About"]))
    assert about["Class"] == "Größe & co"
    assert about["Points"] == "All tasks together bring 40 points, and mastery brings none."
    assert "Not tried: only an instructor's check has looked" in about["State"]
    assert "Found by an instructor's check" in about
    assert about["Late"].endswith("What is done later loses 25 % for each day begun after that.")


def test_a_long_sentence_of_it_is_whole_in_its_column(lab_class: LabClass) -> None:
    sheet = xlsx_of(lab_class)["About"]
    longest = max((cell for cell in sheet["B"]), key=lambda cell: len(cell.value))
    assert len(longest.value) > sheet.column_dimensions["B"].width
    assert longest.alignment.wrap_text


def test_the_longest_title_is_whole_in_its_column(lab_class: LabClass) -> None:
    sheet = xlsx_of(lab_class)["Results"]
    lines = [len(textwrap.wrap(column.title, column.width - 1)) for column in columns_of(lab_class)]
    assert 15 * max(lines) <= sheet.row_dimensions[1].height <= 100
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$A")


@pytest.mark.parametrize(("seconds", "minutes"), [(0, ""), (1, "0.1"), (3, "0.1"), (100, "1.7"), (600, "10")])
def test_a_little_work_is_not_told_as_none(lab_class: LabClass, seconds: int, minutes: str) -> None:
    done(learner(lab_class, "ada"), FIRST, HOUR, seconds=seconds)
    head, row = csv_of(lab_class)
    assert row[head.index(f"{FIRST.title}: minutes of work")] == minutes


def test_the_file_is_called_by_the_class_and_the_day(lab_class: LabClass) -> None:
    told = export(lab_class, "csv").headers
    assert told["Content-Disposition"].startswith("attachment; filename*=utf-8''gr%C3%B6%C3%9Fe-co-results-20")
    assert told["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in told["Cache-Control"]


def test_an_observer_may_take_them_and_a_student_may_not(lab_class: LabClass) -> None:
    assert export(lab_class, "csv", Role.OBSERVER).status_code == 200
    assert export(lab_class, "xlsx", Role.STUDENT).status_code == 403
    other = a_class("Another")
    teacher = member(other, "other-teacher", Role.INSTRUCTOR)
    assert Browser(teacher.user).get(reverse("results:csv", args=[lab_class.pk])).status_code == 404


def test_only_the_class_s_own_students_are_in_it(lab_class: LabClass) -> None:
    learner(a_class("Another"), "eve")
    learner(lab_class, "ada")
    assert [row[0] for row in csv_of(lab_class)] == ["Name", "Ada"]


def test_who_takes_one_after_another_is_asked_to_wait(lab_class: LabClass) -> None:
    browser = Browser(member(lab_class, "teacher", Role.INSTRUCTOR).user)
    address = reverse("results:csv", args=[lab_class.pk])
    assert {browser.get(address).status_code for _ in range(EXPORTS.times)} == {200}
    answer = browser.get(address)
    assert (answer.status_code, "twenty within five minutes" in text(answer)) == (429, True)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_thirty_cost_no_more_queries_than_three(lab_class: LabClass, ending: str) -> None:
    browser = Browser(member(lab_class, "teacher", Role.INSTRUCTOR).user)
    address = reverse(f"results:{ending}", args=[lab_class.pk])
    crowd(lab_class, 3)
    with CaptureQueriesContext(connection) as for_three:
        browser.get(address).getvalue()
    crowd(lab_class, 27, 3)
    with CaptureQueriesContext(connection) as for_thirty:
        browser.get(address).getvalue()
    assert len(for_thirty) == len(for_three)


def test_nothing_that_names_a_vault_or_a_secret_is_in_it(lab_class: LabClass) -> None:
    from tests.classes.school import follow, student
    from tests.portal import walks

    _, session = student(lab_class, "ada")
    walks.completed(session, VAULT)
    walks.finished(session, SECRET)
    follow()
    whole = export(lab_class, "csv").getvalue().decode()
    assert "Alone" in whole
    for name in (session.vault_name, session.secret_name, session.resource_group, session.connection.subscription_id):
        assert name not in whole


@pytest.mark.thorough
def test_a_file_of_many_students_takes_no_more_memory_than_one_of_a_few(lab_class: LabClass) -> None:
    """What is asked of the database and what is written comes and goes by the piece."""
    crowd(lab_class, 40)
    rows = list(all_rows(lab_class))
    columns = columns_of(lab_class)

    def most(times: int) -> int:
        tracemalloc.start()
        try:
            with TemporaryFile() as file:
                write_xlsx(file, columns, (row for _ in range(times) for row in rows), [])
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert most(20) < most(2) + 2**20
