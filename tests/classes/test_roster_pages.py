"""A roster becomes invitations: all of it, or what its instructor has looked at, or nothing."""

from __future__ import annotations

import tracemalloc
from time import thread_time
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labportal.accounts.models import User
from labportal.classes.models import Invitation, LabClass, Membership
from labportal.classes.roster import importing
from labportal.classes.roster.decoding import Unreadable, decode
from labportal.classes.roster.lines import read_roster
from labportal.classes.roster.table import MOST_LINES
from labportal.whole_requests import LONGEST_ROSTER
from tests.classes import school
from tests.portal.browsing import Browser, text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

Role = Membership.Role
GOOD = "name,email\nAda Lovelace,ada@example.org\nGrace Hopper,grace@example.org\n"
BAD = "name,email\nAda Lovelace,ada@example.org\n,nobody@example.org\n=1+1,x@example.org\nTwin,ADA@example.org\n"


@pytest.fixture
def group(ada: User) -> LabClass:
    """Ada's."""
    made = school.a_class()
    school.member(made, ada, Role.INSTRUCTOR)
    return made


def roster(group: LabClass) -> str:
    return reverse("classes:roster", args=[group.pk])


def paste(browser: Browser, group: LabClass, what: str, **buttons: str) -> Answer:
    return browser.post(roster(group), {"text": what, **buttons})


def upload(browser: Browser, group: LabClass, raw: bytes, **buttons: str) -> Answer:
    return browser.client.post(roster(group), {"file": SimpleUploadedFile("roster.csv", raw), "text": "", **buttons})


def invited(group: LabClass) -> list[tuple[str, str, str]]:
    return list(group.invitations.order_by("pk").values_list("name", "email", "role"))


def test_what_is_fine_is_imported_at_once(browser: Browser, group: LabClass) -> None:
    answer = paste(browser, group, GOOD)
    assert answer.headers["Location"] == reverse("classes:invitations", args=[group.pk])
    assert invited(group) == [
        ("Ada Lovelace", "ada@example.org", "student"),
        ("Grace Hopper", "grace@example.org", "student"),
    ]
    assert "2 invitations are ready." in text(browser.get(answer.headers["Location"]))
    assert len({one.token for one in group.invitations.all()}) == 2


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_in_its_encoding(browser: Browser, group: LabClass, codec: str) -> None:
    upload(browser, group, "Name;E-Mail\r\nZoë Müller;zoe@example.org\r\n".encode(codec))
    assert invited(group) == [("Zoë Müller", "zoe@example.org", "student")]


def test_a_guess_is_looked_at_before_anything_is_imported(browser: Browser, group: LabClass) -> None:
    answer = upload(browser, group, "name,email\nZoë Müller,zoe@example.org\n".encode("cp1252"))
    assert answer.status_code == 200
    page = text(answer)
    assert "Nothing is imported yet" in page
    assert "Read as Windows-1252" in page
    assert "Zoë Müller" in page
    assert invited(group) == []
    kept = answer.content.decode().partition('<textarea name="text" hidden aria-hidden="true">\n')[2]
    paste(browser, group, kept.partition("</textarea>")[0], good_ones="1")
    assert invited(group) == [("Zoë Müller", "zoe@example.org", "student")]


def test_with_one_line_in_trouble_nothing_is_imported(browser: Browser, group: LabClass) -> None:
    answer = paste(browser, group, BAD)
    page = text(answer)
    assert answer.status_code == 200
    assert invited(group) == []
    assert "Nothing is imported yet" in page
    for line in ("nobody@example.org There is no name", "4 =1+1 x@example.org A cell begins like a formula"):
        assert line in page
    assert "5 Twin ada@example.org The same address as in line 2" in page
    assert "Import the 1 good one, leave the rest" in page


def test_the_good_ones_are_imported_by_whoever_chooses_so(browser: Browser, group: LabClass) -> None:
    answer = paste(browser, group, BAD, good_ones="1")
    assert invited(group) == [("Ada Lovelace", "ada@example.org", "student")]
    assert "1 invitation is ready. 3 lines were left out: 3, 4, 5." in text(browser.get(answer.headers["Location"]))


def test_a_roster_can_be_mended_where_it_is_shown(browser: Browser, group: LabClass) -> None:
    page = paste(browser, group, BAD).content.decode()
    assert ",nobody@example.org" in page.partition('id="id_text"')[2].partition("</textarea>")[0]


def test_looking_first_imports_nothing(browser: Browser, group: LabClass) -> None:
    page = text(paste(browser, group, GOOD, look="1"))
    assert "2 fine" in page
    assert "Import all 2" in page
    assert invited(group) == []


def test_who_is_known_already_is_passed_over(browser: Browser, group: LabClass) -> None:
    school.member(group, "grace", email="grace@example.org")
    Invitation.objects.create(lab_class=group, name="Ada", email="ada@example.org")
    answer = paste(browser, group, f"{GOOD}Ivo,ivo@example.org\n")
    assert [name for name, *_ in invited(group)] == ["Ada", "Ivo"]
    said = "1 invitation is ready. 2 lines were in the class or invited already: 2, 3."
    assert said in text(browser.get(answer.headers["Location"]))
    page = text(paste(browser, group, GOOD, look="1"))
    assert "Is in the class already" in page
    assert "Is invited already" in page


def test_importing_twice_is_importing_once(browser: Browser, group: LabClass) -> None:
    names = "name\nIvo\nGrace\n"
    for _ in range(2):
        paste(browser, group, names)
    assert len(invited(group)) == 2


def test_another_class_knows_them_not(browser: Browser, group: LabClass) -> None:
    Invitation.objects.create(lab_class=school.a_class("Other"), name="Ada", email="ada@example.org")
    paste(browser, group, GOOD)
    assert len(invited(group)) == 2


def test_what_cannot_be_read_is_told_at_its_field(browser: Browser, group: LabClass) -> None:
    answer = upload(browser, group, b"PK\x03\x04 a workbook")
    assert answer.status_code == 422
    assert "This is a workbook" in text(answer)
    assert "Choose a file, or paste the roster" in text(paste(browser, group, " \n"))
    assert "There is nothing in it" in text(upload(browser, group, b""))


def test_a_name_is_text_wherever_it_is_shown(browser: Browser, group: LabClass) -> None:
    evil = "name,email\n<script>alert(1)</script>,</textarea><b>\n"
    page = paste(browser, group, evil).content.decode()
    assert "<script>alert" not in page
    assert "</textarea><b>" not in page


@pytest.mark.django_db(transaction=True)
def test_a_failure_half_way_leaves_nothing_behind(
    browser: Browser, group: LabClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of two INSERTs fails."""
    monkeypatch.setattr(importing, "BATCH", 1)
    inserts = 0

    def failing(execute: object, sql: str, *args: object) -> object:
        nonlocal inserts
        inserts += "INSERT INTO" in sql and "classes_invitation" in sql
        if inserts == 2:
            raise DatabaseError("broken on purpose")
        return execute(sql, *args)  # type: ignore[operator]  # Django's own

    with connection.execute_wrapper(failing), pytest.raises(DatabaseError, match="on purpose"):
        paste(browser, group, GOOD)
    assert inserts == 2
    assert invited(group) == []


def many(number: int) -> bytes:
    rows = [f"Student Number {at},student-{at}@university.example" for at in range(number)]
    return "\n".join(["name,email", *rows]).encode()


@pytest.mark.thorough
def test_ten_thousand_lines_are_taken_in_few_queries(browser: Browser, group: LabClass) -> None:
    raw = many(MOST_LINES)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        began = thread_time()
        upload(browser, group, raw)
        took = thread_time() - began
    assert group.invitations.count() == MOST_LINES
    assert len(queries) < 10 + MOST_LINES / 100, "by the hundred, not one by one"
    assert took < 10, f"{took:.1f} s of computing"


@pytest.mark.thorough
def test_fifty_thousand_are_refused_quickly_and_with_words(browser: Browser, group: LabClass) -> None:
    raw = many(50_000)
    assert len(raw) < LONGEST_ROSTER, "so they reach the page that can say why not"
    began = thread_time()
    answer = upload(browser, group, raw)
    took = thread_time() - began
    assert answer.status_code == 422
    assert "A roster may have 10,000 lines, and this has more" in text(answer)
    assert invited(group) == []
    assert took < 2, f"{took:.1f} s of computing"


@pytest.mark.thorough
def test_fifty_thousand_take_little_memory() -> None:
    """Beside what was sent: its text, and as many rows as are taken."""
    raw = many(50_000)
    tracemalloc.start()
    with pytest.raises(Unreadable):
        read_roster(decode(raw))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 * 1024 * 1024, f"{peak / 1024 / 1024:.0f} MiB"


def test_a_long_report_shows_the_first_lines_of_it(browser: Browser, group: LabClass) -> None:
    rows = "\n".join(f",s{at}@example.org" for at in range(2_000))
    answer = paste(browser, group, f"name,email\n{rows}")
    assert "2000 in trouble" in text(answer)
    assert "These are the first 500" in text(answer)
    assert answer.content.count(b"There is no name") == 500


def test_a_class_expects_no_more_than_it_can_hold(
    browser: Browser, group: LabClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_INVITED", 3)
    paste(browser, group, GOOD)
    answer = paste(browser, group, "name,email\nAda Lovelace,ada@example.org\nA,a@example.org\nB,b@example.org\n")
    assert answer.status_code == 422
    assert "open invitations at most" in text(answer)
    assert Invitation.objects.count() == 2, "all of them or none"
    paste(browser, group, "name,email\nAda Lovelace,ada@example.org\nA,a@example.org\n")
    assert Invitation.objects.count() == 3
