"""Passwords cannot be guessed by trying, nor the portal filled with people."""

from __future__ import annotations

import pytest
from django.urls import reverse

from labportal.accounts import limits
from labportal.accounts.models import User
from tests.portal import walks
from tests.portal.browsing import Browser, text

pytestmark = pytest.mark.django_db
PAGES = ["accounts:sign_in", "admin:login"]
TOO_MANY = "Too many wrong passwords"


@pytest.fixture
def boss() -> User:
    return User.objects.create_superuser("boss", password="boss-knows-this-1")


def sign_in(page: str, password: str, name: str = "boss", address: str = "192.0.2.1") -> str:
    answer = Browser().post(reverse(page), {"username": name, "password": password}, REMOTE_ADDR=address)
    return "in" if answer.status_code == 302 else text(answer)


@pytest.mark.parametrize("page", PAGES)
def test_after_many_wrong_passwords_even_the_right_one_waits(page: str, boss: User) -> None:
    for number in range(limits.GUESSES_AT_ONE.times):
        assert TOO_MANY not in sign_in(page, f"wrong-{number}", name="BOSS" if number % 2 else "boss")
    assert TOO_MANY in sign_in(page, "boss-knows-this-1")


def test_only_whoever_guesses_waits(boss: User) -> None:
    walks.person("ada")
    for _ in range(limits.GUESSES_AT_ONE.times + 1):
        sign_in("accounts:sign_in", "wrong")
    assert sign_in("accounts:sign_in", "boss-knows-this-1", address="192.0.2.2") == "in"
    assert sign_in("accounts:sign_in", "ada-knows-this-1", name="ada") == "in"


def test_the_right_password_may_be_given_as_often_as_one_likes(boss: User) -> None:
    for _ in range(limits.GUESSES_AT_ONE.times * 2):
        assert sign_in("accounts:sign_in", "boss-knows-this-1") == "in"


def test_one_address_cannot_go_through_all_names(monkeypatch: pytest.MonkeyPatch, boss: User) -> None:
    monkeypatch.setattr("labportal.accounts.forms.GUESSES", limits.Allowance("few", times=3, seconds=300))
    said = [sign_in("accounts:sign_in", "wrong", name=f"person-{number}") for number in range(5)]
    assert [TOO_MANY in words for words in said] == [False, False, False, True, True]


def test_newcomers_are_bounded_and_the_guest_who_signs_up_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    few = limits.Allowance("few", times=1, seconds=300)
    monkeypatch.setattr("labportal.accounts.views.NEWCOMERS", few)
    monkeypatch.setattr("labportal.accounts.guests.NEWCOMERS", few)
    guest, late = Browser(), Browser()
    names = {"username": "gail", "password1": "gail-knows-this-1", "password2": "gail-knows-this-1"}
    guest.post(reverse("accounts:guest"))
    assert User.objects.filter(is_guest=True).count() == 1
    assert "Very many people" in text(late.post(reverse("accounts:guest"), follow=True))
    assert "Very many people" in text(late.post(reverse("accounts:sign_up"), names))
    assert User.objects.count() == 1
    guest.post(reverse("accounts:sign_up"), names)
    assert User.objects.get().username == "gail"


@pytest.mark.parametrize("page", ["home", "accounts:sign_up", "accounts:sign_in", "accounts:sign_out"])
def test_no_cache_keeps_a_page_with_somebody_s_name_or_token(page: str) -> None:
    guest = Browser(walks.person("guest-1", guest=True))
    assert "no-store" in guest.get(reverse(page)).headers["Cache-Control"]
