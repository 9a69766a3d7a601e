"""Who is in a class: seen by those who teach, changed by instructors, and told to whom it happens."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from labportal.accounts.models import User
from labportal.classes.models import Act, Invitation, LabClass, Membership
from labportal.classes.people import change_role
from labportal.classes.people_pages import A_PAGE
from labportal.standings.models import Standing
from labportal.support import hands
from labportal.support.models import Hand
from tests.classes import school
from tests.portal import walks
from tests.portal.browsing import Browser, text

Role = Membership.Role


@pytest.fixture
def group(ada: User) -> LabClass:
    """Ada's."""
    made = school.a_class()
    school.member(made, ada, Role.INSTRUCTOR)
    return made


def people(group: LabClass) -> str:
    return reverse("classes:people", args=[group.pk])


def page_of(member: Membership, name: str = "member") -> str:
    return reverse(f"classes:{name}", args=[member.lab_class_id, member.pk])


def test_members_stand_there_by_role(browser: Browser, group: LabClass) -> None:
    school.member(group, "olga", Role.OBSERVER)
    school.member(group, "sam", email="sam@example.org")
    school.member(group, walks.person("guest-77", guest=True), name="Grace")
    page = text(browser.get(people(group)))
    assert page.index("Ada (you)") < page.index("Olga") < page.index("2 students") < page.index("sam@example.org")
    assert "A guest" in page
    assert "guest-77" not in page


def test_an_observer_sees_them_and_no_way_to_change_them(group: LabClass) -> None:
    sam = school.member(group, "sam")
    olga = Browser(school.member(group, "olga", Role.OBSERVER).user)
    page = olga.get(people(group)).content.decode()
    assert "Sam" in page
    for name in ("member", "remove"):
        assert page_of(sam, name) not in page
        assert olga.get(page_of(sam, name)).status_code == 403
    assert reverse("classes:roster", args=[group.pk]) not in page
    assert olga.get(reverse("classes:invitations", args=[group.pk])).status_code == 403, "a link lets somebody in"


@pytest.mark.parametrize("number", [3, 30])
def test_many_people_take_no_more_queries(
    browser: Browser, group: LabClass, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for at in range(number):
        school.member(group, f"s{at}", Role.STUDENT if at % 2 else Role.OBSERVER)
        Invitation.objects.create(lab_class=group, name=f"Expected {at}")
    with django_assert_num_queries(8):  # session, person, seat; staff, students, how many, who is expected, who waits
        browser.get(people(group))
    with django_assert_num_queries(5):
        browser.get(reverse("classes:invitations", args=[group.pk]))


def test_students_are_found_by_name_and_address(browser: Browser, group: LabClass) -> None:
    school.member(group, "sam", email="sam@example.org")
    school.member(group, "tom", email="other@uni.example")
    for query in ("SAM", "example.org"):
        page = text(browser.get(people(group), data={"q": query}))
        assert "1 student found" in page
        assert "Sam" in page
        assert "Tom" not in page
    assert "0 students found" in text(browser.get(people(group), data={"q": "%"}))


def test_more_than_a_page_of_students_is_paged(browser: Browser, group: LabClass) -> None:
    for at in range(A_PAGE + 1):
        school.member(group, f"s{at:03}")
    first, last = (text(browser.get(people(group), data={"q": "s", "page": page})) for page in ("1", "2"))
    assert "S000" in first
    assert f"S{A_PAGE:03}" not in first
    assert f"S{A_PAGE:03}" in last
    assert f"{A_PAGE + 1} students" in last
    assert "q=s&amp;page=1" in browser.get(people(group), data={"q": "s", "page": "2"}).content.decode()


def test_a_role_is_changed_and_its_person_told(browser: Browser, ada: User, group: LabClass) -> None:
    sam = school.member(group, "sam")
    answer = browser.post(page_of(sam), {"name": "Sam", "role": "observer"})
    assert answer.headers["Location"] == people(group)
    sam.refresh_from_db()
    assert (sam.role, sam.standing) == (Role.OBSERVER, None)
    assert not Standing.objects.filter(user=sam.user).exists(), "it is kept of students only"
    act = Act.objects.get()
    assert (act.by, act.person, act.lab_class, act.text) == (
        ada,
        sam.user,
        group,
        "made you an observer of Monday group",
    )
    browser.post(page_of(sam), {"name": "Sam", "role": "student"})
    sam.refresh_from_db()
    assert sam.standing is not None


def test_a_standing_that_another_class_reads_stays(browser: Browser, group: LabClass) -> None:
    sam = school.member(group, "sam")
    school.member(school.a_class("Other"), sam.user)
    browser.post(page_of(sam), {"name": "Sam", "role": "observer"})
    assert Standing.objects.filter(user=sam.user).exists()


def test_a_new_name_is_told_and_the_same_is_not(browser: Browser, group: LabClass) -> None:
    sam = school.member(group, "sam")
    browser.post(page_of(sam), {"name": "Sam", "role": "student"})
    assert not Act.objects.exists()
    browser.post(page_of(sam), {"name": "Samantha", "role": "student"})
    sam.refresh_from_db()
    assert sam.name == "Samantha"
    assert Act.objects.get().text == "changed your name in Monday group to Samantha"


def test_a_guest_cannot_be_made_to_teach(browser: Browser, group: LabClass) -> None:
    guest = school.member(group, walks.person("guest-1", guest=True), name="Grace")
    answer = browser.post(page_of(guest), {"name": "Grace", "role": "instructor"})
    assert answer.status_code == 422
    assert "A guest cannot teach" in text(answer)
    guest.refresh_from_db()
    assert guest.role == Role.STUDENT


@pytest.mark.parametrize("role", ["observer", "student"])
def test_the_last_instructor_stays_one(browser: Browser, ada: User, group: LabClass, role: str) -> None:
    mine = group.memberships.get(user=ada)
    answer = browser.post(page_of(mine), {"name": "Ada", "role": role})
    assert answer.status_code == 422
    assert "the only instructor" in text(answer)
    assert "the only instructor" in text(browser.post(page_of(mine, "remove")))
    mine.refresh_from_db()
    assert mine.role == Role.INSTRUCTOR


def test_who_is_no_student_any_more_asks_for_no_help(ada: User, group: LabClass) -> None:
    sam, walk = school.student(group, "sam")
    assert hands.raise_hand(walk, walks.TASK.id, "Where do I begin?")
    assert change_role(ada, sam, Role.OBSERVER)
    assert not Hand.objects.filter(lowered_at=None).exists()


def test_two_instructors_cannot_both_step_down_by_what_each_saw_before(ada: User, group: LabClass) -> None:
    school.member(group, "ivo", Role.INSTRUCTOR)
    mine, ivo = group.memberships.order_by("pk")
    assert change_role(ada, mine, Role.OBSERVER)
    assert not change_role(ivo.user, ivo, Role.OBSERVER)


def test_who_steps_down_is_led_to_what_they_may_still_see(browser: Browser, ada: User, group: LabClass) -> None:
    school.member(group, "ivo", Role.INSTRUCTOR)
    mine = group.memberships.get(user=ada)
    answer = browser.post(page_of(mine), {"name": "Ada", "role": "student"})
    assert answer.headers["Location"] == reverse("classes:list")
    assert not Act.objects.exists(), "it was nobody else's doing"


def test_who_is_removed_is_told_and_keeps_their_walk(browser: Browser, group: LabClass) -> None:
    sam, walk = school.student(group, "sam")
    assert "Their work stays theirs" in text(browser.get(page_of(sam, "remove")))
    browser.post(page_of(sam, "remove"))
    assert not group.memberships.filter(pk=sam.pk).exists()
    walk.refresh_from_db()
    assert walk.user == sam.user
    assert Act.objects.get().text == "removed you from Monday group"


@pytest.mark.parametrize("out", ["remove", "member"])
def test_an_instructor_who_is_put_out_finds_no_way_back(browser: Browser, group: LabClass, out: str) -> None:
    """All who lead the class see the links that make somebody an instructor, and may keep one."""
    olga = school.member(group, "olga", Role.INSTRUCTOR)
    kept = Invitation.objects.create(lab_class=group, name="Nobody", role=Role.INSTRUCTOR)
    expected = Invitation.objects.create(lab_class=group, name="Sam")
    assert "they may know the links" in text(browser.get(page_of(olga, "remove")))
    assert browser.post(page_of(olga, out), {"name": "Olga", "role": "observer"}).status_code == 302
    back = Browser(olga.user).post(reverse("classes:invitation", args=[kept.token]))
    assert back.status_code == 404
    assert not group.memberships.filter(user=olga.user, role=Role.INSTRUCTOR).exists()
    assert Invitation.objects.filter(pk=expected.pk).exists(), "a student sees nothing of the others"


def test_who_steps_down_takes_nobodys_invitation_along(browser: Browser, group: LabClass) -> None:
    school.member(group, "olga", Role.INSTRUCTOR)
    Invitation.objects.create(lab_class=group, name="Ole", role=Role.OBSERVER)
    mine = group.memberships.get(user__username="ada")
    browser.post(page_of(mine), {"name": "Ada", "role": "observer"})
    assert Invitation.objects.count() == 1


def test_nobody_of_another_class_can_be_named(browser: Browser, group: LabClass) -> None:
    other = school.member(school.a_class("Other"), "sam")
    for name in ("member", "remove"):
        address = reverse(f"classes:{name}", args=[group.pk, other.pk])
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"name": "X", "role": "observer"}).status_code == 404
    other.refresh_from_db()
    assert other.name == "Sam"


def test_an_archived_class_can_still_be_closed_to_somebody(browser: Browser, group: LabClass) -> None:
    """What stays to be read there is not for everybody for ever."""
    olga = school.member(group, "olga", Role.OBSERVER)
    LabClass.objects.filter(pk=group.pk).update(archived_at=timezone.now())
    page = text(browser.get(page_of(olga)))
    assert "stays as it is" in page
    assert "Save" not in page
    assert browser.post(page_of(olga, "remove")).status_code == 302
    assert not group.memberships.filter(user=olga.user).exists()


@pytest.mark.parametrize("page", ["people", "invitations"])
def test_a_search_that_no_database_takes_finds_nobody_and_breaks_nothing(
    browser: Browser, group: LabClass, page: str
) -> None:
    assert browser.get(f"{reverse(f'classes:{page}', args=[group.pk])}?q=%00").status_code == 200


def test_an_invitation_s_link_that_no_database_takes_is_none(browser: Browser) -> None:
    assert browser.get("/invitations/%00/").status_code == 404
