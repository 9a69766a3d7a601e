from __future__ import annotations

from tests.practice.looks.seen import Look, Seen, refusal


def right(seen: Seen) -> None:
    shown = seen.secrets_shown()
    assert list(shown) == [seen.secret]
    assert set(shown[seen.secret]) == {"enabled", "created", "updated"}
    assert seen.app_reads().status_code == 200


def missing(seen: Seen) -> None:
    assert seen.secrets_shown() == {}
    assert refusal(seen.app_reads()) == (404, "SecretNotFound")


def other_name(seen: Seen) -> None:
    assert list(seen.secrets_shown()) == [f"{seen.secret}-two"]


def disabled(seen: Seen) -> None:
    assert seen.secrets_shown()[seen.secret]["enabled"] is False
    assert refusal(seen.app_reads()) == (403, "SecretDisabled")


def not_active(seen: Seen) -> None:
    assert seen.secrets_shown()[seen.secret]["nbf"] > seen.inside.cloud.clock.now().timestamp()


def expired(seen: Seen) -> None:
    assert seen.secrets_shown()[seen.secret]["exp"] < seen.inside.cloud.clock.now().timestamp()


def deleted(seen: Seen) -> None:
    assert seen.secrets_shown() == {}
    assert seen.person.data("GET", seen.vault, f"/deletedsecrets/{seen.secret}").status_code == 200
    again = seen.person.data("PUT", seen.vault, f"/secrets/{seen.secret}", json={"value": "v"})
    assert refusal(again) == (409, "ObjectIsDeletedButRecoverable")


def being_deleted(seen: Seen) -> None:
    assert seen.secrets_shown() == {}
    again = seen.person.data("PUT", seen.vault, f"/secrets/{seen.secret}", json={"value": "v"})
    assert refusal(again) == (409, "ObjectIsBeingDeleted")
    seen.inside.pass_time(61)
    deleted(seen)


def other_vault(seen: Seen) -> None:
    assert seen.secrets_shown() == {}
    (other,) = set(seen.all_vaults()) - {seen.vault}
    assert list(seen.secrets_shown(other)) == [seen.secret]


def without_rights(seen: Seen) -> None:
    assert list(seen.secrets_shown()) == [seen.secret]
    assert refusal(seen.app_reads()) == (403, "AccessDenied")


def key_instead(seen: Seen) -> None:
    assert seen.secrets_shown() == {}
    shown = seen.arm("GET", f"{seen.vault_path()}/keys").json()["value"]
    assert [(one["name"], one["properties"]["kty"]) for one in shown] == [(seen.secret, "EC")]
    assert refusal(seen.app_reads()) == (404, "SecretNotFound")


LOOKS: dict[str, Look] = {
    "secret-right": right,
    "secret-missing": missing,
    "secret-other-name": other_name,
    "secret-disabled": disabled,
    "secret-not-active": not_active,
    "secret-expired": expired,
    "secret-deleted": deleted,
    "secret-being-deleted": being_deleted,
    "secret-in-other-vault": other_vault,
    "key-instead-of-secret": key_instead,
    "secret-caller-without-rights": without_rights,
}
