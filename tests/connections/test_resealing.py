"""Taking a sealing key away: everything is sealed anew first, by a command."""

from __future__ import annotations

import base64
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from labportal.accounts.models import User
from labportal.connections import resealing
from labportal.connections.models import Connection
from labportal.connections.sealing import CannotOpen, open_sealed, seal, sealed_anew

pytestmark = pytest.mark.django_db
OLD, NEW = (f"{name}:{base64.b64encode(byte * 32).decode()}" for name, byte in (("k1", b"1"), ("k2", b"2")))


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> Settings:
    settings.SEALING_KEYS = OLD
    return settings


def connected(name: str, secret: str) -> Connection:
    user = User.objects.create_user(name)
    connection = Connection.objects.create(user=user, cloud="practice", state="ready")
    connection.sealed_secret = seal(secret, place=connection.place_of_secret)
    connection.save()
    return connection


def opened(connection: Connection) -> str:
    connection.refresh_from_db()
    return open_sealed(connection.sealed_secret, place=connection.place_of_secret)


def said() -> str:
    out = StringIO()
    call_command("reseal", stdout=out)
    return out.getvalue()


def test_the_old_key_can_be_taken_away_afterwards(keys: Settings) -> None:
    ada, bob = connected("ada", "hunter2"), connected("bob", "hunter3")
    Connection.objects.create(user=ada.user, cloud="practice")  # still without one
    keys.SEALING_KEYS = f"{NEW},{OLD}"
    assert "2 sealed anew under the first key; 0 were already." in said()
    assert "0 sealed anew under the first key; 2 were already." in said()
    keys.SEALING_KEYS = NEW
    assert [opened(ada), opened(bob)] == ["hunter2", "hunter3"]


def test_what_no_key_opens_is_told_and_left_as_it_is(keys: Settings) -> None:
    ada, bob = connected("ada", "hunter2"), connected("bob", "hunter3")
    Connection.objects.filter(pk=bob.pk).update(sealed_secret=ada.sealed_secret)  # copied to another row
    keys.SEALING_KEYS = f"{NEW},{OLD}"
    with pytest.raises(CommandError, match="1 could not be opened"):
        said()
    bob.refresh_from_db()
    assert bytes(bob.sealed_secret) == bytes(ada.sealed_secret)
    keys.SEALING_KEYS = NEW
    assert opened(ada) == "hunter2"


def test_a_credential_that_is_renewed_meanwhile_is_not_overwritten(
    keys: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = connected("ada", "hunter2")
    keys.SEALING_KEYS = f"{NEW},{OLD}"

    def renewed_first(sealed: bytes, *, place: str) -> bytes:
        Connection.objects.filter(pk=ada.pk).update(sealed_secret=seal("newer", place=place))
        return sealed_anew(sealed, place=place)

    monkeypatch.setattr(resealing, "sealed_anew", renewed_first)
    assert resealing.reseal().done == 0
    assert opened(ada) == "newer"


def test_what_was_sealed_anew_is_still_bound_to_its_place(keys: Settings) -> None:
    sealed = seal("hunter2", place="here")
    keys.SEALING_KEYS = f"{NEW},{OLD}"
    with pytest.raises(CannotOpen):
        sealed_anew(sealed, place="there")
    with pytest.raises(CannotOpen):
        open_sealed(sealed_anew(sealed, place="here"), place="there")
