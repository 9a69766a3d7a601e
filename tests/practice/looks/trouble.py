from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from practice_cloud.students import renew_credential
from tests.practice.inside import ARM, Dropped
from tests.practice.looks.seen import Look, Seen, refusal

Ask = Callable[[Seen], httpx.Response]


def arm(seen: Seen) -> httpx.Response:
    return seen.arm("GET", seen.person.scope)


def vault(seen: Seen) -> httpx.Response:
    return seen.person.data("GET", seen.vault, "/secrets")


def sign_in(seen: Seen) -> httpx.Response:
    return seen.person.sign_in()


def over(seen: Seen, ask: Ask) -> None:
    """Its seconds are over, and so is the trouble."""
    seen.inside.pass_time(61)
    assert ask(seen).status_code in (200, 403, 404)


def answers(ask: Ask, status: int, code: str, **headers: str | None) -> Look:
    """A header of None is one that must not be there."""

    def look(seen: Seen) -> None:
        answer = ask(seen)
        assert refusal(answer) == (status, code)
        for name, value in headers.items():
            assert answer.headers.get(name.replace("_", "-")) == value
        over(seen, ask)

    return look


def hiccup(seen: Seen) -> None:
    assert [arm(seen).status_code for _ in range(4)] == [503, 503, 503, 200]


def entra_unavailable(seen: Seen) -> None:
    assert seen.person.sign_in().status_code == 503
    over(seen, sign_in)


def arm_late(seen: Seen) -> None:
    with pytest.raises(TimeoutError):
        seen.arm("GET", seen.person.scope, seconds=0.2)
    over(seen, arm)


def vault_late(seen: Seen) -> None:
    """Also the request without a token, with which clients begin."""
    with pytest.raises(TimeoutError):
        seen.inside.send("GET", f"https://{seen.vault}.vault.azure.net/secrets", seconds=0.2)
    with pytest.raises(TimeoutError):
        seen.person.data("GET", seen.vault, "/secrets", seconds=0.2)
    over(seen, vault)


def dropped(ask: Ask) -> Look:
    def look(seen: Seen) -> None:
        with pytest.raises(Dropped):
            ask(seen)
        over(seen, ask)

    return look


def reset_after(seen: Seen) -> None:
    with pytest.raises(Dropped):
        seen.create_vault()
    assert seen.vault_answer().status_code == 200
    seen.inside.pass_time(61)
    assert seen.create_vault().status_code == 200


def no_token(number: int) -> Look:
    """Until the student has a new client secret."""

    def look(seen: Seen) -> None:
        answer = seen.person.sign_in()
        assert answer.status_code in (400, 401)
        assert answer.json()["error_codes"] == [number]
        renewed = renew_credential(seen.inside.cloud, seen.person.sid)
        assert renewed is not None
        seen.person.told |= {"client_secret": renewed["client_secret"]}
        seen.inside.pass_time(1)
        assert arm(seen).status_code == 200

    return look


def revoked(seen: Seen) -> None:
    """A token from before is refused with a challenge, and there is no other until the secret is renewed."""
    answer = seen.arm("GET", seen.person.scope, token=seen.person.had[ARM])
    assert refusal(answer) == (401, "InvalidAuthenticationToken")
    assert 'error="insufficient_claims", claims="' in answer.headers["www-authenticate"]
    no_token(7000215)(seen)


def only_tokens(seen: Seen) -> None:
    """Whoever asks for a new one has it, in the same second."""
    answer = seen.arm("GET", seen.person.scope, token=seen.person.had[ARM])
    assert refusal(answer) == (401, "InvalidAuthenticationToken")
    assert arm(seen).status_code == 200


def token_refused(code: str) -> Look:
    def look(seen: Seen) -> None:
        answer = arm(seen)
        assert refusal(answer) == (401, code)
        assert "authorization_uri" in answer.headers["www-authenticate"]
        over(seen, arm)

    return look


def operations_end_in(status: str) -> Look:
    def look(seen: Seen) -> None:
        started = seen.run_command()
        seen.inside.let(0.1)
        seen.inside.pass_time(3600)
        assert seen.outcome(started)["status"] == status
        assert seen.create_vault().status_code == 200
        assert seen.vault_shown()["provisioningState"] == ("Failed" if status == "Failed" else "RegisteringDns")
        again = 409 if status == "InProgress" else 202
        assert seen.run_command().status_code == again

    return look


def propagation(seen: Seen) -> None:
    assert seen.create_vault().status_code == 200
    oid = seen.oid()
    policy = {"tenantId": seen.person.told["tenant_id"], "objectId": oid, "permissions": {"secrets": ["get"]}}
    path = f"{seen.vault_path()}/accessPolicies/add"
    assert seen.arm("PUT", path, json={"properties": {"accessPolicies": [policy]}}).status_code in (200, 201)
    assert oid in seen.policies()
    assert refusal(seen.vm_reads()) == (403, "AccessDenied")
    seen.inside.pass_time(61)
    assert refusal(seen.vm_reads()) == (404, "SecretNotFound")


def slow(seen: Seen) -> None:
    assert seen.create_vault().status_code == 200
    seen.inside.pass_time(50)
    assert seen.vault_shown()["provisioningState"] == "RegisteringDns"
    seen.inside.pass_time(20)
    assert seen.vault_shown()["provisioningState"] == "Succeeded"


LOOKS: dict[str, Look] = {
    "throttled-with-retry-after": answers(arm, 429, "SubscriptionRequestsThrottled", retry_after="5"),
    "throttled-without-retry-after": answers(arm, 429, "SubscriptionRequestsThrottled", retry_after=None),
    "vault-throttled": answers(vault, 429, "Throttled", retry_after=None),
    "azure-500": answers(arm, 500, "InternalServerError"),
    "azure-503": answers(arm, 503, "ServiceUnavailable"),
    "azure-hiccup": hiccup,
    "vault-503": answers(vault, 503, "ServiceUnavailable"),
    "entra-503": entra_unavailable,
    "azure-time-out": arm_late,
    "vault-time-out": vault_late,
    "reset-before": dropped(arm),
    "reset-after": reset_after,
    "vault-reset": dropped(vault),
    "client-secret-expired": no_token(7000222),
    "client-secret-revoked": no_token(7000215),
    "sign-in-revoked": revoked,
    "tokens-revoked": only_tokens,
    "client-app-deleted": no_token(700016),
    "token-expired": token_refused("ExpiredAuthenticationToken"),
    "wrong-audience": token_refused("InvalidAuthenticationTokenAudience"),
    "operation-fails": operations_end_in("Failed"),
    "operation-never-ends": operations_end_in("InProgress"),
    "propagation-delay": propagation,
    "azure-slow": slow,
}
