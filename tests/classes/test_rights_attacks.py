"""What somebody tries who means no good: fields that no form has, numbers that nobody has, keys that fit elsewhere."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from labportal.accounts.models import User
from labportal.board import stream as board_stream
from labportal.board.looking import Kind
from labportal.classes.models import LabClass, Membership
from labportal.labs.models import LabSession
from labportal.results.models import ApiToken
from labportal.runs import stream as walk_stream
from labportal.support.models import Message, Note
from tests.classes.matrix import RULES
from tests.classes.school import Role, a_class, member
from tests.classes.world import MEMBERS, World, everything_kept
from tests.portal import walks
from tests.portal.browsing import Browser, text
from tests.portal.url_list import ALL, OF_A_CLASS, Address, name_of

PASSWORD = "a-long-pass-phrase-7"
BIGGEST, HUGE = 10**18 - 1, 2**70
UNHEARD_OF = ("page=-1", f"page={HUGE}", "page=x", "q=%27%22%3B--", "sort=;", "need=x&task=x&size=x")


# Fields that no form has


def smuggled(world: World) -> dict[str, str]:
    """Names of columns, as somebody may guess them or read them in the repository."""
    second = world.foreign["class_id"]
    return {
        "id": "1",
        "pk": "1",
        "lab_class": str(second),
        "lab_class_id": str(second),
        "user": str(world.visitors["stranger"].pk),
        "user_id": str(world.visitors["stranger"].pk),
        "by": str(world.visitors["stranger"].pk),
        "by_name": "somebody else",
        "code": "ABCDEFGH",
        "archived_at": "2026-01-01",
        "lab_id": "another-lab",
        "points": "{}",
        "is_staff": "on",
        "is_superuser": "on",
        "is_guest": "",
        "expires_at": "2099-01-01",
        "digest": "0" * 64,
        "token": "a-token-of-mine",
        "connection": "1",
        "standing": "1",
        "completed_at": "2026-01-01",
        "asked_by": "1",
    }


def test_a_class_is_set_only_in_what_its_form_has(world: World) -> None:
    before = LabClass.objects.get(pk=world.lab_class.pk)
    page = reverse("classes:settings", args=[before.pk])
    form = world.browser("instructor").get(page).context["form"]
    asked = {
        bound.html_name: str(bound.value())
        for bound in form
        if bound.value() is not None and bound.value() is not False
    }
    asked |= {"name": "Renamed", **{key: value for key, value in smuggled(world).items() if key not in form.fields}}
    answer = world.browser("instructor").post(page, asked)
    assert answer.status_code == 302, answer.context["form"].errors
    after = LabClass.objects.get(pk=before.pk)
    assert after.name == "Renamed"
    assert (after.code, after.archived_at, after.lab_id) == (before.code, None, before.lab_id)
    assert LabClass.objects.count() == 2


def test_nobody_becomes_more_than_a_student_by_joining(world: World) -> None:
    more = {"name": "Eve", "role": "instructor", "email": "eve@example.org", **smuggled(world)}
    world.browser("stranger").post(reverse("classes:enter", args=[world.lab_class.code]), more)
    joined = Membership.objects.get(user=world.visitors["stranger"])
    assert (joined.role, joined.email, joined.lab_class) == (Role.STUDENT, "", world.lab_class)


def test_nobody_signs_up_as_an_administrator(world: World) -> None:
    more = {"username": "mallory", "password1": PASSWORD, "password2": PASSWORD, **smuggled(world)}
    assert Browser().post(reverse("accounts:sign_up"), more).status_code == 302
    made = User.objects.get(username="mallory")
    assert {made.is_staff, made.is_superuser} == {False}


def test_names_of_a_walk_are_all_that_its_form_sets(world: World) -> None:
    walk = LabSession.objects.get(user=world.visitors["student"])
    names = {"vault_name": "kv-mine", "secret_name": "s", "vm_name": "vm", "permission_model": "policies"}
    more = {**smuggled(world), **names, "resource_group": "rg-of-another", "ended_at": "2026-01-01"}
    world.browser("student").post(reverse("labs:names", args=[walk.lab_id]), more)
    after = LabSession.objects.get(pk=walk.pk)
    assert after.vault_name == "kv-mine"
    assert (after.user_id, after.connection_id, after.resource_group, after.ended_at) == (
        walk.user_id,
        walk.connection_id,
        walk.resource_group,
        None,
    )


def test_what_is_written_is_written_by_who_is_signed_in(world: World) -> None:
    browser = world.browser("instructor")
    more = {**smuggled(world), "text": "written now", "name": "Gradebook", "days": "30", "about": "1"}
    more.pop("token")
    browser.post(reverse("students:note", args=[world.values["class_id"], world.values["member_id"]]), more)
    browser.post(reverse("support:compose", args=[world.values["class_id"]]), more)
    browser.post(reverse("results:tokens", args=[world.values["class_id"]]), more)
    me = world.visitors["instructor"]
    note, message = Note.objects.get(text="written now"), Message.objects.get(text="written now")
    token = ApiToken.objects.get(name="Gradebook")
    assert {(one.by, one.lab_class) for one in (note, message)} == {(me, world.lab_class)}
    assert (note.about, token.user, token.lab_class) == (world.visitors["student"], me, world.lab_class)
    assert token.digest != "0" * 64


# Numbers and names that nobody has


def numbers_in(address: Address) -> list[str]:
    return [one for one in address.parameters if one.endswith("_id") and one not in ("lab_id", "task_id")]


@pytest.mark.parametrize("address", [one for one in ALL if numbers_in(one)], ids=name_of)
def test_a_number_that_no_row_has_is_not_there(address: Address, world: World) -> None:
    """Nor does one break the page that no database could have given."""
    own: dict[str, object] = {**world.values, "lab_id": walks.LAB.id, "receipt_id": 1, "student_id": 1}
    browser = world.browser("instructor")
    for parameter in numbers_in(address):
        path = address.path({**own, parameter: BIGGEST})
        for asked in (path, path.replace(str(BIGGEST), str(HUGE))):
            assert browser.get(asked).status_code in (401, 404, 405), asked
            assert browser.post(asked).status_code in (401, 404, 405), asked


@pytest.mark.parametrize(
    "query", ["member={foreign}", f"member={HUGE}", "member=-1", "member=x", "task=x", "task=' OR 1"]
)
def test_nobody_is_written_to_by_a_forged_address(world: World, query: str) -> None:
    page = reverse("support:compose", args=[world.values["class_id"]])
    asked = f"{page}?{query.format(foreign=world.foreign['member_id'])}"
    before = everything_kept()
    browser = world.browser("instructor")
    assert browser.get(asked).status_code == 404
    assert browser.post(asked, {"text": "hello"}).status_code == 404
    assert everything_kept() == before


@pytest.mark.parametrize(
    "query",
    [
        "page=-1&q=%27%22%3B--&sort=;&need=x&task=x&size=x",
        *(pytest.param(one, marks=pytest.mark.thorough) for one in UNHEARD_OF),
    ],
)
def test_no_question_in_an_address_breaks_a_page(world: World, query: str) -> None:
    for address in OF_A_CLASS:
        if RULES[address.name].get is not None:
            answer = world.browser("instructor").get(f"{address.path(world.values)}?{query}")
            assert answer.status_code in (200, 302, 404), address.name


# Keys that fit elsewhere


def test_a_key_to_one_stream_opens_no_other(world: World) -> None:
    teacher, student = world.visitors["instructor"], world.visitors["student"]
    walk = LabSession.objects.get(user=student)
    other = LabClass.objects.exclude(pk=world.lab_class.pk).get()
    to_board = key_in(board_stream.address_of(teacher, world.lab_class, Kind.BOARD, 0))
    to_walk = walk_stream.token_for(student, walk)
    assert board_stream._bearer(to_board, world.lab_class.pk) == (teacher.pk, Kind.BOARD)
    assert walk_stream._may_open(to_walk, walk.pk)
    assert board_stream._bearer(to_board, other.pk) is None
    assert board_stream._bearer(to_walk, walk.pk) is None
    assert not walk_stream._may_open(to_board, world.lab_class.pk)
    assert not walk_stream._may_open(to_walk, LabSession.objects.get(user=teacher).pk)
    for forged in ("", to_board[:-1] + ("A" if to_board[-1] != "A" else "B"), f"{teacher.pk}.{other.pk}.board"):
        assert board_stream._bearer(forged, other.pk) is None


def key_in(address: str) -> str:
    found = re.search(r"token=([^&]+)", address)
    assert found
    return found.group(1)


def test_students_are_given_no_key_to_the_board(world: World) -> None:
    for address in OF_A_CLASS:
        if expected_reader(address):
            assert "/events/classes/" not in world.browser("student").get(address.path(world.values)).content.decode()


def expected_reader(address: Address) -> bool:
    who = RULES[address.name].get
    return who is not None and who <= MEMBERS["student"]


def test_who_was_removed_finds_every_door_closed(world: World) -> None:
    Membership.objects.filter(user=world.visitors["instructor"]).delete()
    member(world.lab_class, "second", Role.INSTRUCTOR)
    before = everything_kept()
    browser = world.browser("instructor")
    for address in OF_A_CLASS:
        rule, path = RULES[address.name], address.path(world.values)
        if rule.get is not None:
            assert browser.get(path).status_code == 404, path
        if rule.post is not None:
            assert browser.post(path, dict(rule.body)).status_code == 404, path
    assert everything_kept() == before


# What is other people's


@pytest.mark.parametrize(
    "address", [one for one in ALL if one.parameters in ((), ("lab_id",), ("class_id",))], ids=name_of
)
def test_a_student_reads_of_no_other_student(address: Address, world: World) -> None:
    """On no page of theirs, of the class or of the lab, whatever the others did."""
    member(world.lab_class, "wilhelmina", name="Wilhelmina the Other", email="wilhelmina@example.org")
    walks.finished(walks.ready_session(User.objects.get(username="wilhelmina")))
    answer = world.browser("student").get(address.path({**world.values, "lab_id": walks.LAB.id}))
    assert "wilhelmina" not in answer.getvalue().decode(errors="replace").lower()


def test_the_wall_names_nobody(world: World) -> None:
    page = text(world.browser("observer").get(reverse("board:wall", args=[world.values["class_id"]]))).lower()
    for name in ("lovelace", "stu", "kv-stu", "sub-stu"):
        assert not re.search(rf"\b{name}\b", page), name


def test_a_guest_teaches_nowhere(world: World) -> None:
    guest = walks.person("guest-1", guest=True)
    browser = Browser(guest)
    assert browser.get(reverse("classes:new")).status_code == 403
    assert browser.post(reverse("classes:new"), {"name": "Mine", "time_zone": "UTC"}).status_code == 403
    own = member(a_class("Third group"), guest)
    leader = member(own.lab_class, "leader", Role.INSTRUCTOR)
    page = reverse("classes:member", args=[own.lab_class.pk, own.pk])
    assert Browser(leader.user).post(page, {"name": "G", "role": "instructor"}).status_code == 422
    own.refresh_from_db()
    assert own.role == Role.STUDENT


@pytest.mark.parametrize("name", ["\u200b\u200b", "\u202e", "\u200d", "\x07", "  "])
def test_a_name_is_something_to_be_seen(world: World, name: str) -> None:
    answer = world.browser("stranger").post(reverse("classes:enter", args=[world.lab_class.code]), {"name": name})
    assert answer.status_code == 422
    assert not Membership.objects.filter(user=world.visitors["stranger"]).exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("\u202eeve\u2066 x", "eve x"),
        ("Ada\u200b\n Lovelace", "Ada Lovelace"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
)
def test_a_name_turns_no_line_around(world: World, name: str, kept: str) -> None:
    world.browser("stranger").post(reverse("classes:enter", args=[world.lab_class.code]), {"name": name})
    assert Membership.objects.get(user=world.visitors["stranger"]).name == kept
