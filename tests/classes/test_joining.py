"""The way into a class by its code: typed, followed as a link, or read from the wall."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
import segno
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from labportal.accounts.limits import NEWCOMERS, WRONG_CODES
from labportal.accounts.models import User
from labportal.classes import joining
from labportal.classes.models import CODE_LETTERS, Invitation, LabClass, Membership, new_code
from labportal.standings.models import Standing
from tests.classes import school
from tests.portal import walks
from tests.portal.browsing import Browser, text

Role = Membership.Role
JOIN = "/join/"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def group(db: None) -> LabClass:
    made = school.a_class(code="ABCD2345")
    school.member(made, "ivo", Role.INSTRUCTOR)
    return made


def enter(group: LabClass) -> str:
    return reverse("classes:enter", args=[group.code])


@pytest.mark.parametrize(
    "typed",
    ["ABCD2345", "abcd2345", " abcd-2345 ", "ABCD 2345", "a b c d 2 3 4 5", "http://testserver/join/ABCD2345/"],
)
def test_a_code_is_known_however_it_is_typed(anonymous: Browser, group: LabClass, typed: str) -> None:
    answer = anonymous.post(JOIN, {"code": typed})
    assert answer.headers["Location"] == enter(group)
    assert "Monday group" in text(anonymous.get(enter(group)))


def test_the_front_page_leads_to_where_a_code_is_typed(anonymous: Browser, db: None) -> None:
    assert f'<a href="{JOIN}">join a class</a>' in anonymous.get("/").content.decode()
    assert "Code of the class" in text(anonymous.get(JOIN))


def test_a_link_in_small_letters_leads_there_too(anonymous: Browser, group: LabClass) -> None:
    assert "Monday group" in text(anonymous.get("/join/abcd-2345/"))


def test_joining_makes_a_student_whose_standing_is_kept(browser: Browser, ada: User, group: LabClass) -> None:
    page = browser.get(enter(group)).content.decode()
    assert 'value="ada"' in page, "the name they sign in with is suggested"
    answer = browser.post(enter(group), {"name": "  Ada   Lovelace "})
    assert answer.headers["Location"] == reverse("labs:lab", args=[group.lab_id])
    member = group.memberships.get(user=ada)
    assert (member.name, member.role, member.email) == ("Ada Lovelace", Role.STUDENT, "")
    assert member.standing == Standing.objects.get(user=ada, lab_id=group.lab_id)
    assert "You are in Monday group" in text(browser.get(answer.headers["Location"]))


def test_joining_twice_is_joining_once(browser: Browser, ada: User, group: LabClass) -> None:
    browser.post(enter(group), {"name": "Ada"})
    answer = browser.post(enter(group), {"name": "Eve"})
    assert answer.headers["Location"] == reverse("classes:about", args=[group.pk])
    assert group.memberships.get(user=ada).name == "Ada"
    assert "You are in Monday group already" in text(browser.get(answer.headers["Location"]))


def test_who_teaches_does_not_become_a_student(group: LabClass) -> None:
    ivo = group.memberships.get()
    Browser(ivo.user).post(enter(group), {"name": "Ivo"})
    ivo.refresh_from_db()
    assert ivo.role == Role.INSTRUCTOR


def test_a_guest_is_asked_for_a_name_once(anonymous: Browser, group: LabClass) -> None:
    page = text(anonymous.get(enter(group)))
    assert "Join as a guest" in page
    assert anonymous.post(enter(group), {"name": " "}).status_code == 422
    assert not User.objects.filter(is_guest=True).exists(), "nobody is made for a form that is not filled in"
    answer = anonymous.post(enter(group), {"name": "Grace"})
    assert answer.headers["Location"] == reverse("labs:lab", args=[group.lab_id])
    guest = User.objects.get(is_guest=True)
    assert group.memberships.get(user=guest).name == "Grace"
    assert "Begin in the practice cloud" in text(anonymous.get(answer.headers["Location"]))


def test_a_guest_does_not_get_their_opaque_name_suggested(group: LabClass) -> None:
    guest = walks.person("guest-0123", guest=True)
    assert "guest-0123" not in Browser(guest).get(enter(group)).content.decode()


def test_signing_up_or_in_leads_back_to_the_class(anonymous: Browser, ada: User, group: LabClass) -> None:
    page = anonymous.get(enter(group)).content.decode()
    for name in ("accounts:sign_up", "accounts:sign_in"):
        assert f'href="{reverse(name)}?next={enter(group)}"' in page
    data = {"username": "ada", "password": "ada-knows-this-1", "next": enter(group)}
    assert anonymous.post(reverse("accounts:sign_in"), data).headers["Location"] == enter(group)
    assert "Join the class" in text(anonymous.get(enter(group)))


def test_what_the_class_sees_is_said_before_joining(anonymous: Browser, group: LabClass) -> None:
    LabClass.objects.update(allows_hints=False)
    page = text(anonymous.get(enter(group)))
    assert "Those who teach the class see what you do in this lab" in page
    assert "Not in this class Hints" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"door": "closed"}, "not taking anybody in by its code"),
        ({"archived_at": timezone.now()}, "has been archived"),
    ],
)
def test_a_class_that_is_closed_says_so_and_lets_nobody_in(
    browser: Browser, anonymous: Browser, group: LabClass, change: dict[str, object], said: str
) -> None:
    LabClass.objects.update(**change)
    for who in (browser, anonymous):
        answer = who.post(enter(group), {"name": "Ada"})
        assert answer.status_code == 403
        assert said in text(answer)
        assert "<input" not in answer.content.decode().partition("<main")[2]
    assert group.memberships.count() == 1
    assert not User.objects.filter(is_guest=True).exists()


def test_a_code_that_no_class_has_is_asked_for_again(anonymous: Browser, group: LabClass) -> None:
    answer = anonymous.get("/join/WXYZ7777/")
    assert answer.status_code == 404
    assert "No class has the code WXYZ-7777" in text(answer)
    assert 'value="WXYZ7777"' in answer.content.decode()
    assert anonymous.post(JOIN, {"code": ""}).status_code == 422
    assert anonymous.post(JOIN, {"code": "???"}, follow=True).status_code == 404


@pytest.mark.thorough
def test_codes_cannot_be_tried_without_end(anonymous: Browser, browser: Browser, group: LabClass) -> None:
    for _ in range(WRONG_CODES.times):
        assert anonymous.get(f"/join/{new_code()}/").status_code == 404
    answer = anonymous.get(f"/join/{new_code()}/")
    assert answer.status_code == 429
    assert "Wait five minutes" in text(answer)
    assert anonymous.get(enter(group)).status_code == 429, "nor does the right one tell that it is"
    assert browser.get(enter(group)).status_code == 200, "who has signed in at the same address is counted apart"


@pytest.mark.thorough
def test_the_right_code_costs_nothing(anonymous: Browser, group: LabClass) -> None:
    for _ in range(WRONG_CODES.times + 5):
        assert anonymous.get(enter(group)).status_code == 200


def test_a_network_that_makes_too_many_guests_is_told(
    anonymous: Browser, group: LabClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(NEWCOMERS), "take", lambda self, *who: self is not NEWCOMERS)
    answer = anonymous.post(enter(group), {"name": "Grace"})
    assert answer.status_code == 422
    assert "Very many people have just begun" in text(answer)
    assert group.memberships.count() == 1


def test_codes_are_of_letters_that_are_not_mistaken() -> None:
    assert set(new_code()) <= set(CODE_LETTERS)
    assert not set(CODE_LETTERS) & set("ILO01")


def squares(svg: bytes) -> set[tuple[int, int]]:
    """The dark squares of a drawing, by row and column."""
    root = ET.fromstring(svg)
    *_, path = root.iter(f"{SVG}path")
    x, y, dark = 0.0, 0.0, set()
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", str(path.get("d"))):
        if command == "h":
            dark |= {(int(y), int(x) + step) for step in range(int(first))}
        x = float(first) if command == "M" else x + float(first)
        if command != "h":
            y = float(second) if command == "M" else y + float(second)
    return dark


def test_the_square_on_the_wall_is_the_link(group: LabClass) -> None:
    """The squares are those of the link; that a camera reads them is the library's promise."""
    ivo = Browser(group.memberships.get().user)
    page = ivo.get(reverse("classes:invite", args=[group.pk]))
    assert "ABCD-2345" in text(page)
    assert f'src="{reverse("classes:qr", args=[group.pk])}"' in page.content.decode()
    answer = ivo.get(reverse("classes:qr", args=[group.pk]))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in answer.headers["Cache-Control"]
    assert b"style" not in answer.content
    code = segno.make_qr(f"http://testserver{enter(group)}", error="m")
    wanted = {(y + 4, x + 4) for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark}
    assert squares(answer.content) == wanted


def test_a_new_code_ends_the_old_one(anonymous: Browser, group: LabClass) -> None:
    ivo = Browser(group.memberships.get().user)
    old = enter(group)
    ivo.post(reverse("classes:new_code", args=[group.pk]))
    group.refresh_from_db()
    assert anonymous.get(old).status_code == 404
    assert anonymous.get(enter(group)).status_code == 200


def test_joining_is_switched_off_and_on(anonymous: Browser, group: LabClass) -> None:
    ivo = Browser(group.memberships.get().user)
    switch, page = reverse("classes:door", args=[group.pk]), reverse("classes:invite", args=[group.pk])
    said = text(ivo.post(switch, {"door": "closed"}, follow=True))
    assert "Who has the code: does not come in." in said
    assert "Joining by the code is switched off" in text(ivo.get(page))
    assert "ABCD-2345" not in text(ivo.get(page))
    assert anonymous.get(enter(group)).status_code == 403
    ivo.post(switch, {"door": "open"})
    assert anonymous.get(enter(group)).status_code == 200
    assert "one of the buttons" in text(ivo.post(switch, {"door": "ajar"}, follow=True))
    assert LabClass.objects.get().door == "open"


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("localhost:8000", False),
        ("127.0.0.1:8000", False),
        ("127.8.8.8", False),
        ("[::1]:8000", False),
        ("lab.localhost", False),
        ("192.0.2.7:8000", True),
        ("[2001:db8::7]", True),
        ("labs.example.org", True),
        ("localhost.example.org", True),
    ],
)
def test_a_link_that_only_this_machine_can_open_says_so(
    group: LabClass, settings: Settings, host: str, reached: bool
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ivo = Browser(group.memberships.get().user)
    Invitation.objects.create(lab_class=group, name="Grace")
    for name in ("invite", "invitations"):
        page = ivo.client.get(reverse(f"classes:{name}", args=[group.pk]), headers={"host": host})
        assert ("Nobody else can open this yet" in text(page)) != reached
        assert ("--host 0.0.0.0" in text(page)) != reached
    shown = ivo.client.get(reverse("classes:invite", args=[group.pk]), headers={"host": host}).content.decode()
    assert ("qr.svg" in shown) == reached
    assert "ABCD-2345" in shown, "it can be tried all the same"


@pytest.mark.parametrize("shut", [{"door": "closed"}, {"archived_at": timezone.now()}])
def test_a_class_that_shuts_while_somebody_comes_in_does_not_take_them_in(
    group: LabClass, shut: dict[str, object]
) -> None:
    LabClass.objects.update(**shut)  # after the click was let through with the class as it was
    sam = walks.person("sam")
    with pytest.raises(PermissionDenied, match="Monday group is"):
        joining.join(sam, group, "Sam")
    assert not group.memberships.filter(user=sam).exists()
    assert joining.join(group.memberships.get().user, group, "Ivo") == group.memberships.get()
