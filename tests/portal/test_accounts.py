"""Signing up, in and out, and starting as a guest."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.urls import reverse

from labportal.accounts.models import User
from labportal.labs.models import LabSession
from tests.portal import walks
from tests.portal.browsing import Browser, text

GOOD = "a-long-pass-phrase-7"


def sign_up(browser: Browser, name: str = "grace", password: str = GOOD, **more: str) -> int:
    data = {"username": name, "password1": password, "password2": password, **more}
    return browser.post(reverse("accounts:sign_up"), data).status_code


def who(browser: Browser) -> User | None:
    key = browser.client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None


def test_one_click_makes_a_guest_with_a_lab(anonymous: Browser) -> None:
    answer = anonymous.post(reverse("accounts:guest"))
    guest = User.objects.get()
    session = LabSession.objects.get(user=guest)
    assert answer.headers["Location"] == reverse("labs:lab", args=[session.lab_id])
    assert guest.is_guest
    assert not guest.has_usable_password()
    assert who(anonymous) == guest


def test_two_guests_are_two_people(db: None) -> None:
    one, other = Browser(), Browser()
    one.post(reverse("accounts:guest"))
    other.post(reverse("accounts:guest"))
    assert who(one) != who(other)
    assert LabSession.objects.count() == 2


def test_a_second_click_goes_on_with_the_same_guest(anonymous: Browser) -> None:
    anonymous.post(reverse("accounts:guest"))
    anonymous.post(reverse("accounts:guest"))
    assert User.objects.count() == LabSession.objects.count() == 1


def test_a_guest_who_signs_up_keeps_their_work(anonymous: Browser) -> None:
    anonymous.post(reverse("accounts:guest"))
    session = LabSession.objects.get()
    assert sign_up(anonymous) == 302
    session.refresh_from_db()
    grace = User.objects.get()
    assert (grace.username, grace.is_guest, session.user) == ("grace", False, grace)
    assert who(anonymous) == grace, "and stays signed in"
    fresh = Browser()
    assert fresh.client.login(username="grace", password=GOOD)


def test_a_guest_whose_sign_up_fails_is_still_the_same_guest(anonymous: Browser) -> None:
    anonymous.post(reverse("accounts:guest"))
    assert sign_up(anonymous, password="12345") == 200
    assert User.objects.get().is_guest
    assert "Keep your work" in text(anonymous.get(reverse("home")))


def test_signing_up_signs_in(anonymous: Browser) -> None:
    assert sign_up(anonymous) == 302
    grace = who(anonymous)
    assert grace is not None
    assert not grace.is_guest


@pytest.mark.parametrize("password", ["short1", "password1234", "8675309867530"])
def test_weak_passwords_are_refused(anonymous: Browser, password: str) -> None:
    assert sign_up(anonymous, password=password) == 200
    assert not User.objects.exists()


def test_a_name_that_is_taken_is_refused_whatever_its_case(anonymous: Browser, ada: User) -> None:
    assert sign_up(anonymous, name="ADA") == 200
    assert User.objects.count() == 1


def test_who_is_signed_up_is_not_asked_again(browser: Browser) -> None:
    assert browser.get(reverse("accounts:sign_up")).headers["Location"] == reverse("labs:overview")


def test_signing_in_leads_back_to_where_one_wanted_to_go(anonymous: Browser, session: LabSession) -> None:
    wanted = reverse("labs:names", args=[session.lab_id])
    data = {"username": "ada", "password": "ada-knows-this-1", "next": wanted}
    assert anonymous.post(reverse("accounts:sign_in"), data).headers["Location"] == wanted


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_neither_signing_in_nor_up_leads_to_another_site(anonymous: Browser, ada: User, evil: str) -> None:
    data = {"username": "ada", "password": "ada-knows-this-1", "next": evil}
    assert anonymous.post(reverse("accounts:sign_in"), data).headers["Location"] == reverse("labs:overview")
    answer = Browser().post(
        reverse("accounts:sign_up"), {"username": "grace", "password1": GOOD, "password2": GOOD, "next": evil}
    )
    assert answer.headers["Location"] == reverse("labs:overview")


@pytest.mark.parametrize(("first", "other"), [("sign_in", "sign_up"), ("sign_up", "sign_in")])
def test_who_was_sent_to_sign_up_comes_back_whichever_way_they_take(db: None, first: str, other: str) -> None:
    wanted, browser = "/join/ABCD2345/?a=1", Browser()
    page = browser.get(reverse(f"accounts:{first}") + "?next=" + quote(wanted)).content.decode()
    assert f'name="next" value="{wanted}"' in page
    assert f'href="{reverse(f"accounts:{other}")}?next={quote(wanted)}"' in page
    data = {"username": "grace", "password1": GOOD, "password2": GOOD, "next": wanted}
    assert browser.post(reverse("accounts:sign_up"), data).headers["Location"] == wanted
    assert browser.get(reverse("accounts:sign_up") + "?next=" + quote(wanted)).headers["Location"] == wanted


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(anonymous: Browser, ada: User) -> None:
    answer = anonymous.post(reverse("accounts:sign_in"), {"username": "ada", "password": "wrong"})
    assert answer.status_code == 200
    assert "correct username and password" in text(answer)
    assert who(anonymous) is None


def test_a_guest_is_warned_before_leaving(anonymous: Browser) -> None:
    anonymous.post(reverse("accounts:guest"))
    assert "Leave without keeping your work?" in text(anonymous.get(reverse("accounts:sign_out")))
    assert who(anonymous) is not None
    anonymous.post(reverse("accounts:sign_out"))
    assert who(anonymous) is None


def test_signing_out_takes_a_post(browser: Browser) -> None:
    browser.get(reverse("accounts:sign_out"))
    assert who(browser) is not None
    assert browser.post(reverse("accounts:sign_out")).headers["Location"] == reverse("home")
    assert who(browser) is None


def test_the_front_page_offers_the_way_in_that_fits(anonymous: Browser, browser: Browser) -> None:
    assert "Start as a guest" in text(anonymous.get("/"))
    mine = text(browser.get("/"))
    assert "Go on with your lab" in mine
    assert "Start as a guest" not in mine


def test_a_forged_guest_click_from_another_site_makes_nobody(db: None) -> None:
    assert Browser(enforce_csrf=True).post(reverse("accounts:guest")).status_code == 403
    assert not User.objects.exists()


def test_the_admin_lists_people(db: None) -> None:
    chief = User.objects.create_superuser("chief", password=GOOD)
    walks.person("ada")
    assert "ada" in text(Browser(chief).get("/admin/accounts/user/"))
