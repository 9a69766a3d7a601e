"""People are found as they are read, whatever the case and the marks, on every database."""

# ruff: noqa: RUF001  these letters are what it is about

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from labportal.accounts.models import User
from labportal.classes.finding import called, folded
from labportal.classes.models import Invitation, Membership
from labportal.classes.people import rename
from labportal.classes.roll import students_of
from tests.classes import school
from tests.classes.school import Role
from tests.portal.browsing import Browser, text


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Özlem Yılmaz", "ÖZLEM"),
        ("Özlem Yılmaz", "ozlem yilmaz"),
        ("Özlem Yılmaz", "YILMAZ Ö"),
        ("Işık", "IŞIK"),
        ("İpek", "ipek"),
        ("ÉMILIE", "émilie"),
        ("Zoe\u0308", "ZOË"),  # the mark as a character of its own, as some keyboards write it
        ("Straße", "STRASSE"),
        ("ΣΩΚΡΆΤΗΣ", "Σωκράτης"),
        ("Łukasz", "lukasz"),
        ("ЮЛИЯ", "юлия"),
        ("田中 さくら", "田中"),
    ],
)
def test_a_name_is_found_as_it_is_read(db: None, name: str, query: str) -> None:
    group = school.a_class()
    wanted = school.member(group, "wanted", name=name)
    school.member(group, "somebody", name="Somebody else")
    assert list(students_of(group).filter(called(query))) == [wanted]


@pytest.mark.parametrize("query", ["%", "_", "özlemm", "Özlem x"])
def test_what_is_in_no_name_finds_nobody(db: None, query: str) -> None:
    school.member(school.a_class(), "ozlem", name="Özlem")
    assert not Membership.objects.filter(called(query)).exists()


def test_a_query_of_thousands_of_words_breaks_nothing(db: None) -> None:
    school.member(school.a_class(), "ozlem", name="Özlem")
    assert Membership.objects.filter(called("ö " * 5_000)).exists()


def test_a_new_name_is_found_and_the_old_one_no_more(ada: User) -> None:
    one = school.member(school.a_class(), "sam")
    rename(ada, one, "Özlem")
    assert Membership.objects.filter(called("ÖZLEM")).get() == one
    assert not Membership.objects.filter(called("sam")).exists()


def test_who_is_expected_is_found_as_well(browser: Browser, ada: User) -> None:
    group = school.a_class()
    school.member(group, ada, Role.INSTRUCTOR)
    Invitation.objects.bulk_create(Invitation(lab_class=group, name=name) for name in ("Özlem", "Sam"))
    page = text(browser.get(reverse("classes:invitations", args=[group.pk]), data={"q": "ÖZLEM"}))
    assert "Özlem" in page
    assert "Sam" not in page


def test_rows_from_before_are_found(db: None) -> None:
    """What the migration does for them."""
    one = school.member(school.a_class(), "ozlem", name="Özlem")
    Membership.objects.update(folded="")
    import_module("labportal.classes.migrations.0004_found_by_name").fold(apps, None)
    assert Membership.objects.get(called("ÖZLEM")) == one


def test_signs_are_read_for_what_they_say() -> None:
    assert folded("Ǆ ﬁ ½") == "dz fi 1⁄2"
