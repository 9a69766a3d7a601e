"""The student's own sign-in: what their organization demands, forbids and takes back. Who works as the student's app is
not touched by it."""

from __future__ import annotations

from typing import Any

from practice_cloud import consents, revocation
from practice_cloud.principals import digest, new_password
from practice_cloud.scenarios import rights
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.scene import Scene
from practice_cloud.scenarios.trouble import ENTRA
from practice_cloud.store import Doc

BOOK = Book("the student's own sign-in", task="any")
_HOUR = Number(3600, "the seconds for which a sign-in holds")
SUFFERS = ("secondFactor", "blocked", "disabled", "signInEvery", "noDeviceCodes", "factorForChanges", "personal")
"""What lifting takes off an account; ``admin`` comes back with the tenant's leave to consent."""


def account(scene: Scene) -> Doc:
    return scene.need("user", scene.user)


def _change(scene: Scene, **changes: Any) -> None:
    scene.put("user", scene.user, {**account(scene), **changes})


@BOOK.scenario("user-second-factor", "The organization demands a second factor")
def second_factor(scene: Scene) -> None:
    """The sign-in page asks for a code that it shows; who signed in without it gets no new tokens: AADSTS50076."""
    _change(scene, secondFactor=True)
    scene.suffer("The student must sign in with a second factor.")


@BOOK.scenario("user-second-factor-for-changes", "Azure demands a second factor for changes")
def factor_for_changes(scene: Scene) -> None:
    """Who signed in without one may look, and ARM refuses every change: 403 RequestDisallowedByPolicy, with a claims
    challenge. The sign-in page asks for the code that it shows once it is sent those claims."""
    _change(scene, factorForChanges=True)
    scene.suffer("The student needs a second factor to change anything.")


@BOOK.scenario("user-blocked", "A policy of the organization forbids the sign-in")
def blocked(scene: Scene) -> None:
    """Conditional Access refuses the sign-in and new tokens: AADSTS53003."""
    _change(scene, blocked=True)
    scene.suffer("A policy forbids the student's sign-in.")


@BOOK.scenario("user-device-codes-blocked", "A policy of the organization forbids device codes")
def device_codes_blocked(scene: Scene) -> None:
    """Signing in with a device code is refused, and any other way is not: AADSTS530036."""
    _change(scene, noDeviceCodes=True)
    scene.suffer("A policy forbids the student to sign in with a device code.")


@BOOK.scenario("user-personal-account", "The student has a personal Microsoft account")
def personal(scene: Scene) -> None:
    """It signs in where the tenant is named, by id or domain, and not at organizations: the page says so."""
    _change(scene, personal=True)
    scene.suffer("The student's account is a personal one.")


@BOOK.scenario("user-disabled", "The student's account is disabled")
def disabled(scene: Scene) -> None:
    """No sign-in and no new tokens: AADSTS50057."""
    _change(scene, disabled=True)
    scene.suffer("The student's account is disabled.")


@BOOK.scenario("user-sessions-revoked", "The student's sessions were revoked")
def revoked(scene: Scene) -> None:
    """Refresh tokens from before count no more, AADSTS50173, and ARM answers the access tokens with a claims challenge.
    Signing in again mends it."""
    revocation.end_sessions(scene.cloud, scene.sid, account(scene))
    scene.did("What the student has signed in to before counts no more.")


@BOOK.scenario("user-password-changed", "The student's password was changed")
def password_changed(scene: Scene) -> None:
    """As when sessions are revoked; the new password is told where students are (GET /students/{subscription_id})."""
    password = new_password()
    _change(scene, passwordDigest=digest(password))
    scene.put("student", scene.sid, {**scene.student, "password": password})
    revoked(scene)
    scene.did("The student has a new password.")


@BOOK.scenario("user-sign-in-runs-out", "The organization wants a new sign-in every so often", seconds=_HOUR)
def runs_out(scene: Scene) -> None:
    """Who signed in that long ago gets no new tokens: AADSTS70043."""
    seconds = scene.number("seconds")
    _change(scene, signInEvery=seconds)
    scene.suffer(f"The student must sign in again every {seconds:g} seconds.")


@BOOK.scenario("user-inactive", "The student's refresh tokens have expired")
def inactive(scene: Scene) -> None:
    """They were not used for 90 days: AADSTS700082. Signing in again mends it."""
    for doc in scene.cloud.store.list("refreshToken", owner=scene.sid):
        scene.put("refreshToken", doc["key"], {**doc, "expires": min(doc["expires"], scene.now - 1)})
    scene.did("The refresh tokens that the student's programs have are expired.")


@BOOK.scenario("user-without-roles", "The student sees no subscription")
def without_roles(scene: Scene) -> None:
    """The student in person has no role anywhere: their list of subscriptions is empty."""
    rights.take_roles(scene.cloud, scene.sid, scene.user)
    scene.suffer("The student in person has no role in the subscription.")


@BOOK.scenario("consent-by-admins-only", "Only an administrator can consent to applications")
def admins_only(scene: Scene) -> None:
    """The student is none: the sign-in page says AADSTS90094, and admin consent is refused to them."""
    _change(scene, admin=False)
    scene.put("tenant", scene.tenant, {**scene.need("tenant", scene.tenant), "userConsent": False})
    scene.suffer("Only an administrator can consent to applications, and the student is none.")


@BOOK.scenario("consent-taken-back", "All consents to applications were taken back")
def taken_back(scene: Scene) -> None:
    """Applications such as a portal's get no new tokens in the student's name, AADSTS65001, nor as themselves,
    AADSTS700016. Consenting again mends it."""
    consents.take_all_back(scene.cloud, scene.need("tenant", scene.tenant))
    scene.did("No application is let into the student's directory.")


@BOOK.scenario(
    "sign-in-throttled",
    "The sign-in service throttles",
    seconds=Number(60, "the seconds until the trouble is over"),
    retry_after=Number(5, "what Retry-After says, in whole seconds"),
)
def throttled(scene: Scene) -> None:
    """429 with Retry-After to every request for the student's directory by its id or domain."""
    headers = {"Retry-After": f"{scene.number('retry_after'):.0f}"}
    lasts = scene.number("seconds")
    scene.fault(host=ENTRA, status=429, headers=headers, body="Too Many Requests", for_seconds=lasts)
    scene.suffer("The sign-in service answers 429.")
