"""A credential that Azure no longer accepts: noticed, renewed, and the attempts that waited go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labportal.connections import practice, services
from labportal.connections.models import Connection

if TYPE_CHECKING:
    from labportal.accounts.models import User

pytestmark = pytest.mark.django_db
State = Connection.State


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    heard: list[object] = []
    monkeypatch.setattr(services, "publish", lambda _session, message: heard.append(message))
    monkeypatch.setattr(practice, "enqueue", lambda *_: None)
    return heard


def connection(user: User, state: str, **changes: str) -> Connection:
    return Connection.objects.create(user=user, **{"cloud": Connection.Cloud.PRACTICE, "state": state} | changes)


def now(one: Connection) -> tuple[str, str]:
    one.refresh_from_db()
    return one.state, one.problem


@pytest.fixture
def user() -> User:
    from labportal.accounts.models import User

    return User.objects.create_user("ada")


def test_a_refused_credential_breaks_the_connection_until_azure_accepts_it(user: User, heard: list[object]) -> None:
    one = connection(user, State.READY)
    services.refused(one)
    assert now(one) == (State.BROKEN, services.REFUSED)
    services.accepted(one)
    assert now(one) == (State.READY, "")


@pytest.mark.parametrize("state", [State.PREPARING, State.READY])
def test_only_a_broken_connection_is_signed_in_again(user: User, heard: list[object], state: str) -> None:
    one = connection(user, state)
    assert not practice.sign_in_again(one)
    assert now(one)[0] == state


def test_signing_in_again_has_it_prepared_once_more(user: User, heard: list[object]) -> None:
    one = connection(user, State.BROKEN)
    assert practice.sign_in_again(one)
    assert now(one)[0] == State.PREPARING
    assert not practice.sign_in_again(one), "a second click finds it under way"


def test_a_refusal_that_comes_late_does_not_break_what_is_being_renewed(user: User, heard: list[object]) -> None:
    one = connection(user, State.PREPARING)
    services.refused(one)
    assert now(one)[0] == State.PREPARING
