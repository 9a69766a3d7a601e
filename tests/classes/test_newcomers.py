"""Who comes by a code that has got around: let in one by one, put out together, and not back by the same way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from labportal.accounts.models import User
from labportal.classes import joining, newcomers_pages
from labportal.classes.models import Act, Invitation, Knock, LabClass, Membership
from labportal.classes.people import remove
from tests.classes import school
from tests.portal import walks
from tests.portal.browsing import Browser, text

Role = Membership.Role
LIST = "/classes/"


@pytest.fixture
def group(ada: User) -> LabClass:
    """Ada's, who lets people in one by one."""
    made = school.a_class(code="ABCD2345", door="ask")
    school.member(made, ada, Role.INSTRUCTOR)
    return made


def enter(group: LabClass) -> str:
    return reverse("classes:enter", args=[group.code])


def of_class(name: str, group: LabClass) -> str:
    return reverse(f"classes:{name}", args=[group.pk])


def knocks(group: LabClass, name: str) -> tuple[Browser, Knock]:
    """Somebody new, who came by the code."""
    who = walks.person(name)
    browser = Browser(who)
    assert browser.post(enter(group), {"name": name.title()}).headers["Location"] == LIST
    return browser, Knock.objects.get(user=who)


def test_who_comes_by_the_code_waits_and_is_told_so(browser: Browser, group: LabClass) -> None:
    sam = Browser(walks.person("sam"))
    assert "lets people in one by one" in text(sam.get(enter(group)))
    sam.post(enter(group), {"name": "Sam"})
    assert not group.memberships.filter(role=Role.STUDENT).exists()
    page = text(sam.get(LIST))
    assert "You wait to be let in Monday group You asked on" in page
    assert "as Sam" in page
    assert sam.get(enter(group)).headers["Location"] == LIST, "asking again asks nothing"
    assert Knock.objects.count() == 1


def test_who_waits_sees_nothing_of_the_class_and_it_nothing_of_them(browser: Browser, group: LabClass) -> None:
    sam, _ = knocks(group, "sam")
    walks.ready_session(User.objects.get(username="sam"))
    school.follow()
    for name in ("classes:about", "board:board", "classes:people"):
        assert sam.get(reverse(name, args=[group.pk])).status_code == 404
    LabClass.objects.update(code="WXYZ7777")
    page = sam.get(LIST)
    assert "WXYZ" not in page.content.decode(), "the new code is not told to who had the old one"
    for name in ("board:board", "classes:people", "results:results"):
        seen = browser.get(reverse(name, args=[group.pk])).content.decode()
        assert "Sam" not in seen
        assert "kv-sam" not in seen


def test_an_instructor_lets_one_in_and_turns_another_away(browser: Browser, ada: User, group: LabClass) -> None:
    (sam, his), (eve, hers) = knocks(group, "sam"), knocks(group, "eve")
    assert "2 wait to be let in" in text(browser.get(of_class("people", group)))
    assert "2 wait to be let in" in text(browser.get(of_class("invite", group)))
    page = browser.get(of_class("newcomers", group))
    assert "Let in Sam" in text(page)
    browser.post(of_class("answer", group), {"in": str(his.pk)})
    browser.post(of_class("answer", group), {"no": str(hers.pk)})
    joined = group.memberships.get(role=Role.STUDENT)
    assert (joined.name, joined.user.username) == ("Sam", "sam")
    assert joined.standing is not None
    assert sam.get(enter(group)).headers["Location"] == reverse("classes:about", args=[group.pk])
    answer = eve.post(enter(group), {"name": "Somebody else"})
    assert answer.status_code == 403
    assert "You cannot come into Monday group by its code" in text(answer)
    assert "wait to be let in" not in text(eve.get(LIST))
    told = set(Act.objects.values_list("by__username", "person__username", "text"))
    assert told == {("ada", "sam", "let you into Monday group"), ("ada", "eve", "did not let you into Monday group")}


def test_only_who_can_answer_is_told_that_somebody_waits(browser: Browser, group: LabClass) -> None:
    knocks(group, "sam")
    observer = Browser(school.member(group, "olga", Role.OBSERVER).user)
    for name in ("people", "invite"):
        assert "to be let in" in text(browser.get(of_class(name, group)))
        assert "1 waits to be let in" not in text(observer.get(of_class(name, group)))


def test_all_are_those_who_were_shown(browser: Browser, group: LabClass) -> None:
    """Who came after the page was drawn was seen by nobody."""
    knocks(group, "sam")
    _, last = knocks(group, "tom")
    knocks(group, "eve")
    answer = browser.post(of_class("answer", group), {"in": "all", "upto": str(last.pk)}, follow=True)
    assert "2 people are in the class now." in text(answer)
    assert [one.name for one in Knock.objects.all()] == ["Eve"]
    for nonsense in ({"in": "all"}, {"in": "all", "upto": "x"}, {"no": "9" * 30}, {}):
        assert "0 people" in text(browser.post(of_class("answer", group), nonsense, follow=True))
    assert Knock.objects.filter(turned_away_at=None).count() == 1


def test_who_waits_elsewhere_is_nobody_here(browser: Browser, group: LabClass) -> None:
    other = school.a_class("Other")
    knock = Knock.objects.create(lab_class=other, user=walks.person("sam"), name="Sam")
    browser.post(of_class("answer", group), {"in": str(knock.pk)})
    browser.post(of_class("answer", group), {"no": str(knock.pk)})
    knock.refresh_from_db()
    assert knock.turned_away_at is None
    assert not Membership.objects.filter(user__username="sam").exists()


def test_who_waits_may_take_it_back(group: LabClass, browser: Browser) -> None:
    sam, knock = knocks(group, "sam")
    assert sam.post(reverse("classes:take_back", args=[knock.pk])).headers["Location"] == LIST
    assert not Knock.objects.exists()
    eve, hers = knocks(group, "eve")
    browser.post(of_class("answer", group), {"no": str(hers.pk)})
    assert eve.post(reverse("classes:take_back", args=[hers.pk])).status_code == 404, "who was turned away stays so"


def test_who_waits_comes_in_by_themselves_once_the_class_is_open(group: LabClass) -> None:
    sam, _ = knocks(group, "sam")
    LabClass.objects.update(door="open")
    assert "You wait" in text(sam.get(LIST))
    assert sam.get(enter(group)).status_code == 200
    sam.post(enter(group), {"name": "Sam"})
    assert group.memberships.filter(name="Sam").exists()
    assert not Knock.objects.exists()


@pytest.mark.parametrize("door", ["open", "ask"])
def test_who_was_removed_does_not_come_back_by_the_code(browser: Browser, group: LabClass, door: str) -> None:
    LabClass.objects.update(door=door)
    eve = school.member(group, "eve")
    assert "cannot come back by the code" in text(browser.get(reverse("classes:remove", args=[group.pk, eve.pk])))
    browser.post(reverse("classes:remove", args=[group.pk, eve.pk]))
    hers = Browser(eve.user)
    for answer in (hers.get(enter(group)), hers.post(enter(group), {"name": "Eve"})):
        assert answer.status_code == 403
    assert joining.join(eve.user, group, "Eve") == Knock.objects.get()  # as by a click of just before
    assert not group.memberships.filter(user=eve.user).exists()
    assert "0 wait" not in text(browser.get(of_class("newcomers", group)))
    browser.post(reverse("classes:let_back", args=[group.pk, Knock.objects.get().pk]))
    assert hers.get(enter(group)).status_code == 200
    assert Act.objects.first().text == "opened Monday group to you again"  # type: ignore[union-attr]  # there is one


def test_nor_by_an_invitation_from_before_but_by_a_new_one(browser: Browser, group: LabClass) -> None:
    eve = school.member(group, "eve")
    old = Invitation.objects.create(lab_class=group, name="Eve")
    browser.post(reverse("classes:remove", args=[group.pk, eve.pk]))
    hers = Browser(eve.user)
    for ask in (hers.get, hers.post):
        answer = ask(reverse("classes:invitation", args=[old.token]))
        assert answer.status_code == 403
        assert "Ask your instructor for a new invitation" in text(answer)
    assert Invitation.objects.filter(accepted_at=None).count() == 1
    new = Invitation.objects.create(lab_class=group, name="Eve")
    hers.post(reverse("classes:invitation", args=[new.token]))
    assert group.memberships.filter(user=eve.user).exists()
    assert not Knock.objects.exists()


def test_that_they_can_come_as_a_guest_by_a_link_that_is_open_is_said(browser: Browser, group: LabClass) -> None:
    LabClass.objects.update(door="closed")
    eve = school.member(group, "eve")
    link = reverse("classes:invitation", args=[Invitation.objects.create(lab_class=group, name="Eve").token])
    page = reverse("classes:remove", args=[group.pk, eve.pk])
    assert "they have the link of an open invitation" in text(browser.get(page))
    assert "they have the link of an open invitation" in text(browser.get(of_class("newcomers", group)))
    browser.post(page)
    assert Browser(None).post(link).status_code == 302
    assert group.memberships.get(name="Eve").user.is_guest


def test_who_left_by_themselves_may_come_back(group: LabClass) -> None:
    LabClass.objects.update(door="open")
    sam = school.member(group, "sam")
    Browser(sam.user).post(of_class("leave", group))
    assert Browser(sam.user).get(enter(group)).status_code == 200


def test_those_who_have_joined_since_are_put_out_together(browser: Browser, ada: User, group: LabClass) -> None:
    old, *new = (school.member(group, name) for name in ("olly", "eve", "mal", "sam"))
    Membership.objects.filter(pk=old.pk).update(joined_at=timezone.now() - timedelta(days=3))
    Invitation.objects.create(lab_class=group, name="Sam", accepted_by=new[2].user)
    page = browser.get(of_class("newcomers", group))
    assert "3 have joined since then" in text(page)
    assert "Olly" not in text(page)
    assert "Sam An invitation" in " ".join(text(page).replace("sam", "").split())
    assert "checked>" not in page.content.decode()
    assert browser.get(of_class("newcomers", group), data={"all": "1"}).content.decode().count("checked>") == 3
    ticked = {"member": [str(one.pk) for one in new[:2]], "since": "2026-01-01T00:00"}
    asked = browser.client.post(of_class("put_out", group), ticked)
    assert "Remove these 2 people from the class?" in text(asked)
    assert group.memberships.count() == 5, "asking removes nobody"
    answer = browser.client.post(of_class("put_out", group), {**ticked, "sure": "1"})
    assert answer.headers["Location"] == f"{of_class('newcomers', group)}?since=2026-01-01T00%3A00"
    assert set(group.memberships.values_list("name", flat=True)) == {"Ada", "Olly", "Sam"}
    acts = Act.objects.filter(by=ada, person__isnull=False).values_list("person__username", "text")
    assert set(acts) == {(name, "removed you from Monday group") for name in ("eve", "mal")}
    assert Browser(new[0].user).get(enter(group)).status_code == 403


def test_a_second_click_removes_nobody_once_more(ada: User, group: LabClass) -> None:
    """Two hundred take a moment: whoever clicks again meanwhile finds them as they were."""
    eve = school.member(group, "eve")
    for _ in range(2):
        assert remove(ada, eve, "removed-1")
    assert Act.objects.filter(person=eve.user).count() == 1
    assert Knock.objects.filter(user=eve.user).count() == 1


def test_only_students_of_the_class_are_put_out(browser: Browser, group: LabClass) -> None:
    olga = school.member(group, "olga", Role.OBSERVER)
    other = school.member(school.a_class("Other"), "sam")
    data = {"member": [str(olga.pk), str(other.pk), "x", "9" * 40], "sure": "1"}
    assert "Nobody was ticked" in text(browser.client.post(of_class("put_out", group), data, follow=True))
    assert Membership.objects.count() == 3


@pytest.mark.parametrize("since", ["yesterday", "2026-13-40T00:00", "\x00"])
def test_a_time_that_is_none_is_said(browser: Browser, group: LabClass, since: str) -> None:
    school.member(group, "sam")
    answer = browser.get(of_class("newcomers", group), data={"since": since})
    assert answer.status_code == 422
    assert "Enter a valid date" in text(answer)


def test_since_is_as_clocks_show_it_in_the_class(browser: Browser, group: LabClass) -> None:
    LabClass.objects.update(time_zone="Asia/Tokyo")
    sam = school.member(group, "sam")
    Membership.objects.filter(pk=sam.pk).update(joined_at="2026-03-01T12:00Z")  # 21:00 in Tokyo
    for since, said in (("2026-03-01T20:59", "1 has"), ("2026-03-01T21:01", "0 have")):
        assert f"{said} joined since" in text(browser.get(of_class("newcomers", group), data={"since": since}))


@pytest.mark.parametrize("number", [3, 30])
def test_many_take_no_more_queries_nor_rows(
    browser: Browser,
    group: LabClass,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    monkeypatch.setattr(newcomers_pages, "AT_ONCE", 20)
    for at in range(number):
        school.member(group, f"s{at}")
        Knock.objects.create(lab_class=group, user=walks.person(f"k{at}"), name="K")
        away = {"name": "A", "turned_away_at": timezone.now()}
        Knock.objects.create(lab_class=group, user=walks.person(f"a{at}"), **away)
    with django_assert_num_queries(8):  # session, person, seat; who waits, who joined, how many; who was turned away
        page = browser.get(of_class("newcomers", group)).content.decode()
    assert page.count('name="member"') == min(number, 20)
