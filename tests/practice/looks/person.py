from __future__ import annotations

import httpx
import jwt

from practice_cloud.students import with_addresses
from tests.practice.inside import ARM
from tests.practice.looks.seen import Look, Seen, refusal


def code(answer: httpx.Response) -> int:
    """The AADSTS number of a refusal."""
    assert answer.status_code in (400, 401), answer.text
    (found,) = answer.json()["error_codes"]
    return int(found)


def renew(seen: Seen) -> httpx.Response:
    """New tokens, by the refresh token from before the scenario."""
    return seen.person.as_user(grant_type="refresh_token", refresh_token=seen.person.had["refresh"])


def refused(number: int, suberror: str = "") -> Look:
    """Both a refresh token from before and a new sign-in."""

    def look(seen: Seen) -> None:
        answer = renew(seen)
        assert code(answer) == number == code(seen.person.with_password())
        assert answer.json().get("suberror", "") == suberror
        assert ("claims" in answer.json()) is (suberror in ("basic_action", "message_only"))
        assert seen.person.sign_in().status_code == 200, "the student's app is not touched"

    return look


def factor_for_changes(seen: Seen) -> None:
    token, group = seen.person.had["user"], f"{seen.person.scope}/resourceGroups/rg-change"
    answer = seen.arm("PUT", group, token=token, json={"location": "eastus"})
    assert refusal(answer) == (403, "RequestDisallowedByPolicy")
    assert 'error="insufficient_claims", claims="' in answer.headers["www-authenticate"]
    assert seen.arm("GET", seen.person.scope, token=token).status_code == renew(seen).status_code == 200
    assert seen.arm("PUT", group, json={"location": "eastus"}).status_code == 201, "the student's app needs none"
    assert refusal(seen.arm("DELETE", group, token=token)) == (403, "RequestDisallowedByPolicy")


def device_codes_blocked(seen: Seen) -> None:
    started = seen.person.as_user("devicecode").json()
    person = seen.person.told
    form = {"code": started["user_code"], "username": person["user"], "password": person["password"]}
    page = seen.inside.send("POST", "https://login.microsoftonline.com/common/oauth2/deviceauth", data=form)
    assert (page.status_code, "AADSTS530036" in page.text) == (400, True)
    assert renew(seen).status_code == seen.person.with_password().status_code == 200


def personal(seen: Seen) -> None:
    told = seen.person.with_password().json()["access_token"]
    said = jwt.decode(told, options={"verify_signature": False})
    assert (said["idp"], said["unique_name"]) == ("live.com", f"live.com#{seen.person.told['user']}")


def revoked(seen: Seen) -> None:
    answer = renew(seen)
    assert (code(answer), answer.json()["suberror"]) == (50173, "bad_token")
    assert refusal(seen.arm("GET", "/subscriptions", token=seen.person.had["user"])) == (
        401,
        "InvalidAuthenticationToken",
    )
    again = seen.person.with_password()
    assert seen.arm("GET", "/subscriptions", token=again.json()["access_token"]).status_code == 200


def password_changed(seen: Seen) -> None:
    assert code(renew(seen)) == 50173
    assert code(seen.person.with_password()) == 50126
    seen.person.told |= with_addresses(seen.inside.cloud, seen.person.sid) or {}
    assert seen.person.with_password().status_code == 200


def runs_out(seen: Seen) -> None:
    assert renew(seen).status_code == 200
    seen.inside.pass_time(3601)
    answer = renew(seen)
    assert (code(answer), answer.json()["suberror"]) == (70043, "token_expired")
    assert seen.person.with_password().status_code == 200


def inactive(seen: Seen) -> None:
    assert code(renew(seen)) == 700082
    assert seen.person.with_password().status_code == 200


def without_roles(seen: Seen) -> None:
    token = seen.person.with_password().json()["access_token"]
    assert seen.arm("GET", "/subscriptions", token=token).json()["value"] == []


def admins_only(seen: Seen) -> None:
    """Neither for themselves nor for everybody; the pages are walked in ``tests/practice/test_entra_standing.py``."""
    cloud, person = seen.inside.cloud, seen.person
    tenant, user = (cloud.store.list(kind, owner=person.sid)[0] for kind in ("tenant", "user"))
    assert (tenant["userConsent"], user["admin"]) == (False, False)


def taken_back(seen: Seen) -> None:
    assert seen.inside.cloud.store.list("servicePrincipal", owner=seen.person.sid) == []
    assert renew(seen).status_code == 200, "Microsoft's own programs need no consent"


def throttled(seen: Seen) -> None:
    answer = seen.person.sign_in(ARM)
    assert (answer.status_code, answer.headers["retry-after"], answer.text) == (429, "5", "Too Many Requests")
    seen.inside.pass_time(61)
    assert seen.person.sign_in(ARM).status_code == 200


LOOKS: dict[str, Look] = {
    "user-second-factor": refused(50076, "basic_action"),
    "user-second-factor-for-changes": factor_for_changes,
    "user-blocked": refused(53003, "message_only"),
    "user-device-codes-blocked": device_codes_blocked,
    "user-personal-account": personal,
    "user-disabled": refused(50057),
    "user-sessions-revoked": revoked,
    "user-password-changed": password_changed,
    "user-sign-in-runs-out": runs_out,
    "user-inactive": inactive,
    "user-without-roles": without_roles,
    "consent-by-admins-only": admins_only,
    "consent-taken-back": taken_back,
    "sign-in-throttled": throttled,
}
