"""Azure in trouble: nobody's fault. It ends by itself when its seconds are over."""

from __future__ import annotations

from typing import Any

from practice_cloud import credentials, revocation
from practice_cloud.principals import new_secret
from practice_cloud.scenarios import things
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.scene import Scene
from practice_cloud.vaults import model

BOOK = Book("Azure in trouble", task="any")
ARM, VAULTS, ENTRA = r"^management\.azure\.com$", r"\.vault\.azure\.net$", r"^login\.microsoftonline\.com$"
_LASTS = Number(60, "the seconds until the trouble is over")
_DELAY = Number(120, "the seconds that every answer takes")
_ARRIVES = Number(60, "the seconds that a change takes to arrive")
_THROTTLED = {
    "code": "SubscriptionRequestsThrottled",
    "message": "The number of requests for this subscription has exceeded the limit. Please try again later.",
}
_BUSY_VAULT = {
    "code": "Throttled",
    "message": "Request was not processed because too many requests were received."
    " Reason: VaultRequestTypeLimitReached",
}


def _some_vault(scene: Scene) -> None:
    """There is a vault with a secret to ask for; one that is there stays as it is."""
    if model.in_group(scene.cloud, scene.sid, scene.group, scene.vault_name) is None:
        things.secret(scene, things.vault(scene))


def _trouble(scene: Scene, says: str, host: str, **fault: Any) -> None:
    scene.fault(host=host, for_seconds=scene.number("seconds"), **fault)
    scene.suffer(says)


def _answers(scene: Scene, host: str, status: int, error: dict[str, str], **headers: str) -> None:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    who = {ARM: "ARM", VAULTS: "Every vault"}.get(host, "The sign-in service")
    _trouble(scene, f"{who} answers {status}.", host, status=status, headers=names, body={"error": error})


@BOOK.scenario(
    "throttled-with-retry-after",
    "ARM throttles and says for how long",
    seconds=_LASTS,
    retry_after=Number(5, "what Retry-After says, in whole seconds"),
)
def throttled(scene: Scene) -> None:
    """429 with Retry-After to every request to ARM."""
    _answers(scene, ARM, 429, _THROTTLED, Retry_After=f"{scene.number('retry_after'):.0f}")


@BOOK.scenario("throttled-without-retry-after", "ARM throttles and does not say for how long", seconds=_LASTS)
def throttled_silently(scene: Scene) -> None:
    """429 without Retry-After to every request to ARM."""
    _answers(scene, ARM, 429, _THROTTLED)


@BOOK.scenario("vault-throttled", "Key Vault throttles", seconds=_LASTS)
def vault_throttled(scene: Scene) -> None:
    """429 without Retry-After to every request to a vault, the VM's too."""
    _some_vault(scene)
    _answers(scene, VAULTS, 429, _BUSY_VAULT)


@BOOK.scenario("azure-500", "ARM fails", seconds=_LASTS)
def internal_error(scene: Scene) -> None:
    """500 InternalServerError to every request to ARM."""
    _answers(scene, ARM, 500, {"code": "InternalServerError", "message": "Encountered internal server error."})


@BOOK.scenario("azure-503", "ARM is unavailable", seconds=_LASTS)
def unavailable(scene: Scene) -> None:
    """503 ServiceUnavailable to every request to ARM."""
    _answers(scene, ARM, 503, {"code": "ServiceUnavailable", "message": "The service is unavailable now, retry later."})


@BOOK.scenario(
    "azure-hiccup", "ARM fails a few times and is well again", seconds=_LASTS, times=Number(3, "how many requests fail")
)
def hiccup(scene: Scene) -> None:
    """503 ServiceUnavailable to the first requests to ARM, and to no more."""
    error = {"code": "ServiceUnavailable", "message": "The service is unavailable now, retry later."}
    times = max(1, round(scene.number("times")))
    _trouble(scene, f"ARM answers 503 {times} times.", ARM, status=503, body={"error": error}, times=times)


@BOOK.scenario("vault-503", "Key Vault is unavailable", seconds=_LASTS)
def vault_unavailable(scene: Scene) -> None:
    """503 ServiceUnavailable to every request to a vault, the VM's too."""
    _some_vault(scene)
    _answers(scene, VAULTS, 503, {"code": "ServiceUnavailable", "message": "The service is unavailable now."})


@BOOK.scenario("entra-503", "Signing in is unavailable", seconds=_LASTS)
def entra_unavailable(scene: Scene) -> None:
    """503 to every request for the student's directory: no new tokens."""
    _trouble(scene, "The sign-in service answers 503.", ENTRA, status=503, body="Service Unavailable")


@BOOK.scenario("azure-time-out", "ARM does not answer in time", seconds=_LASTS, delay=_DELAY)
def time_out(scene: Scene) -> None:
    """Every answer of ARM's comes only after the delay."""
    _trouble(scene, "ARM answers late.", ARM, delay_ms=scene.number("delay") * 1000)


@BOOK.scenario("vault-time-out", "Key Vault does not answer in time", seconds=_LASTS, delay=_DELAY)
def vault_time_out(scene: Scene) -> None:
    """Every answer of a vault's comes only after the delay."""
    _some_vault(scene)
    _trouble(scene, "Every vault answers late.", VAULTS, delay_ms=scene.number("delay") * 1000)


@BOOK.scenario("reset-before", "ARM drops the connection before anything is done", seconds=_LASTS)
def reset_before(scene: Scene) -> None:
    """No request to ARM is answered, and none has an effect."""
    _trouble(scene, "ARM drops every connection.", ARM, reset="before")


@BOOK.scenario("reset-after", "ARM drops the connection after it has done what was asked", seconds=_LASTS)
def reset_after(scene: Scene) -> None:
    """No change asked of ARM is answered, and each has happened."""
    for method in ("PUT", "PATCH", "POST", "DELETE"):
        scene.fault(host=ARM, method=method, reset="after", for_seconds=scene.number("seconds"))
    scene.suffer("ARM makes changes and drops the connection before it answers.")


@BOOK.scenario("vault-reset", "Key Vault drops the connection", seconds=_LASTS)
def vault_reset(scene: Scene) -> None:
    """No request to a vault is answered, and none has an effect."""
    _some_vault(scene)
    _trouble(scene, "Every vault drops every connection.", VAULTS, reset="before")


@BOOK.scenario("client-secret-expired", "The client secret has expired")
def secret_expired(scene: Scene) -> None:
    """No new tokens: AADSTS7000222. Those given out before count until they end, as in Azure."""
    app = scene.need("app", scene.student["client_id"])
    ended = [{**one, "endsAt": scene.now - 1} for one in credentials.of(app, "passwords")]
    scene.put("app", app["appId"], {**app, "passwords": ended, "principalPasswords": []})
    scene.suffer("The client secret of the student's app has expired.")


@BOOK.scenario("client-secret-revoked", "The client secret was taken away")
def secret_revoked(scene: Scene) -> None:
    """No new tokens: AADSTS7000215. Those given out before count until they end, as in Azure."""
    app = scene.need("app", scene.student["client_id"])
    other = credentials.made(new_secret(), starts=scene.now)
    scene.put("app", app["appId"], {**app, "passwords": [other], "principalPasswords": []})
    scene.suffer("The client secret of the student's app was taken away.")


@BOOK.scenario("sign-in-revoked", "The client secret and all tokens were taken away")
def sign_in_revoked(scene: Scene) -> None:
    """The tokens given out so far count no more, 401 with a claims challenge, and there are no new ones: AADSTS7000215.
    A new client secret (POST /students/{subscription_id}/credential) mends it."""
    secret_revoked(scene)
    revocation.revoke(scene.cloud, scene.sid, scene.caller)
    scene.suffer("The tokens of the student's app were taken away.")


@BOOK.scenario("tokens-revoked", "The tokens given out so far were taken away")
def tokens_revoked(scene: Scene) -> None:
    """401 with a claims challenge to the app's tokens from before; who asks for a new one at once goes on unharmed."""
    revocation.revoke(scene.cloud, scene.sid, scene.caller)
    scene.suffer("The tokens of the student's app from before count no more.")


@BOOK.scenario("client-app-deleted", "The student's app registration was deleted")
def app_deleted(scene: Scene) -> None:
    """No new tokens: AADSTS700016. Those given out before count until they end, as in Azure."""
    app = scene.cloud.store.get("app", scene.student["client_id"])
    if app is not None:
        scene.put("deletedApp", app["appId"], app)
        scene.cloud.store.delete("app", app["appId"])
    scene.suffer("The student's app registration is gone.")


@BOOK.scenario("token-expired", "ARM says the token has expired", seconds=_LASTS)
def token_expired(scene: Scene) -> None:
    """401 ExpiredAuthenticationToken to every request to ARM."""
    _refused(scene, "ExpiredAuthenticationToken", "The access token expiry UTC time is in the past.")


@BOOK.scenario("wrong-audience", "ARM says the token is for another audience", seconds=_LASTS)
def wrong_audience(scene: Scene) -> None:
    """401 InvalidAuthenticationTokenAudience to every request to ARM."""
    text = "The access token has been obtained for the wrong audience or resource 'https://vault.azure.net'."
    _refused(scene, "InvalidAuthenticationTokenAudience", text)


def _refused(scene: Scene, code: str, message: str) -> None:
    authority = f'authorization_uri="https://login.windows.net/{scene.tenant}"'
    challenge = f'Bearer {authority}, error="invalid_token", error_description="{message}"'
    _answers(scene, ARM, 401, {"code": code, "message": message}, WWW_Authenticate=challenge)


@BOOK.scenario("operation-fails", "Long operations end in Failed")
def operation_fails(scene: Scene) -> None:
    """What begins from now on (Run Command, purge, start and stop, a new vault) ends in Failed and has no effect."""
    scene.put("operationFate", scene.sid, {"fate": "fails"})
    scene.suffer("Long operations end in Failed.")


@BOOK.scenario("operation-never-ends", "Long operations never end")
def operation_hangs(scene: Scene) -> None:
    """What begins from now on (Run Command, purge, start and stop, a new vault) is in progress for ever."""
    scene.put("operationFate", scene.sid, {"fate": "hangs"})
    scene.suffer("Long operations never end.")


@BOOK.scenario("propagation-delay", "Changes of access take a while to arrive", seconds=_ARRIVES)
def propagation(scene: Scene) -> None:
    """Policies and roles that are given or taken from now on count after so many seconds."""
    seconds = scene.number("seconds")
    _timings(scene, policy_propagation=seconds, rbac_propagation=seconds)
    scene.suffer(f"Changes of access take {seconds:g} seconds to arrive.")


@BOOK.scenario("azure-slow", "Long operations take long", seconds=_ARRIVES)
def slow(scene: Scene) -> None:
    """New vaults and networks, deletions, purges, commands, starts, stops, registrations take so many seconds each."""
    seconds = scene.number("seconds")
    long = ("vault_create", "vault_purge", "vault_delete", "secret_delete", "run_command", "vm_power")
    _timings(scene, **dict.fromkeys((*long, "network_change", "provider_registration"), seconds))
    scene.suffer(f"Long operations take {seconds:g} seconds.")


def _timings(scene: Scene, **seconds: float) -> None:
    before = scene.cloud.store.get("studentTimings", scene.sid) or {}
    scene.put("studentTimings", scene.sid, {**before, **seconds})
