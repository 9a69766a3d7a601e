"""What somebody goes through to sign in, page after page: user and password, a second factor, consent.

Nothing but the ticket ``step`` connects the pages: a browser keeps no cookie of the practice cloud's.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from starlette.responses import Response

from practice_cloud import apps, consents
from practice_cloud.cloud import Cloud
from practice_cloud.entra import pages, permissions, standing, tickets
from practice_cloud.entra.directory import Client, account_in, user_with_password
from practice_cloud.entra.errors import EntraError
from practice_cloud.entra.sessions import PASSWORD, SECOND_FACTOR, Session
from practice_cloud.store import Doc

FIELDS = ("username", "password", "step", "otp", "answer")
"""What the forms of these pages send besides what the page was asked with."""
_WRONG = "That user and password do not belong together. Both are shown with your practice subscription."
_PERSONAL = "You can't sign in here with a personal account. Use your work or school account instead."
_STALE = "That took too long, or the page was used before. Sign in again."
_NOT_THE_CODE = "That is not the code. Type the six digits that are shown."


class Declined(Exception):
    """The person said no. ``told``: whether they were asked for their consent, rather than sent to an administrator."""

    def __init__(self, *, told: bool) -> None:
        super().__init__("declined")
        self.told = told


@dataclass(frozen=True, slots=True)
class Door:
    """What somebody signs in to. ``tenant`` is None for common and organizations; ``needs`` must be granted;
    ``stays``: a refresh token is asked for; ``step_up``: the program asks for a second factor; ``everybody``: by an
    administrator, for the whole tenant; ``code`` is that of a device, "" while it is asked for."""

    cloud: Cloud
    tenant: Doc | None
    client: Client
    needs: tuple[str, ...] = ()
    stays: bool = False
    ask_again: bool = False
    step_up: bool = False
    everybody: bool = False
    hint: str = ""
    code: str | None = None
    hidden: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Signing:
    """Somebody whose password was right. ``doc`` is the ticket's."""

    door: Door
    user: Doc
    account: Doc
    tenant: Doc
    ticket: str
    doc: Doc

    @property
    def hidden(self) -> dict[str, str]:
        return {**self.door.hidden, "step": self.ticket}

    def put(self, **changes: object) -> None:
        self.doc.update(changes)
        self.door.cloud.store.put("signIn", self.doc["key"], self.doc)


def ask(door: Door, *, problem: str = "", name: str = "") -> Response:
    """The first page; status 400 with a ``problem``."""
    user = name or door.hint
    hidden = door.hidden if door.code is None else {}
    form = pages.sign_in(door.client.name, hidden=hidden, user=user, code=door.code, problem=problem)
    return pages.page(form, 400 if problem else 200)


def go_on(door: Door, form: dict[str, str]) -> Session | Response:
    """The session once everything is done, otherwise the page that comes next.

    Raises EntraError for somebody who may not sign in (to be told on a page), Declined for one who will not.
    """
    signing = _found(door, form)
    if isinstance(signing, Response):
        return signing
    standing.admit(signing.user, signing.account)
    if door.code is not None:
        standing.admit_device(signing.account)
    return _second_factor(signing, form) or _consent(signing, form) or _done(signing)


def _found(door: Door, form: dict[str, str]) -> _Signing | Response:
    if form.get("step"):
        doc, valid = tickets.find(door.cloud, "signIn", form["step"])
        user = door.cloud.store.get("user", doc["oid"]) if doc else None
        if doc is None or user is None or not valid or doc["clientId"] != door.client.id:
            return ask(door, problem=_STALE)
        return _signing(door, user, form["step"], doc)
    user = user_with_password(door.cloud, form.get("username", ""), form.get("password", ""))
    if user is None:
        return ask(door, problem=_WRONG, name=form.get("username", ""))
    if door.tenant is None and user.get("personal"):
        return ask(door, problem=_PERSONAL, name=form.get("username", ""))
    fresh = {"oid": user["id"], "clientId": door.client.id, "amr": [PASSWORD], "otp": f"{secrets.randbelow(10**6):06}"}
    ticket = tickets.issue(door.cloud, "signIn", fresh)
    doc, _ = tickets.find(door.cloud, "signIn", ticket)
    assert doc is not None  # noqa: S101 - issued just now
    return _signing(door, user, ticket, doc)


def _signing(door: Door, user: Doc, ticket: str, doc: Doc) -> _Signing:
    account = account_in(door.cloud, user, door.tenant, door.client)
    tenant = door.cloud.store.get("tenant", account["tenantId"])
    assert tenant is not None  # noqa: S101 - no account without its tenant
    return _Signing(door, user, account, tenant, ticket, doc)


def _second_factor(signing: _Signing, form: dict[str, str]) -> Response | None:
    """The page that asks for it, where it is demanded and not shown yet."""
    demanded = standing.demands_second_factor(signing.account, step_up=signing.door.step_up)
    if not demanded or SECOND_FACTOR in signing.doc["amr"]:
        return None
    given = form.get("otp", "").strip()
    if given and hmac.compare_digest(given.encode(), signing.doc["otp"].encode()):
        signing.put(amr=[*signing.doc["amr"], SECOND_FACTOR])
        return None
    problem = _NOT_THE_CODE if given else ""
    content = pages.second_factor(shown=signing.doc["otp"], hidden=signing.hidden, problem=problem)
    return pages.page(content, 400 if problem else 200)


def _consent(signing: _Signing, form: dict[str, str]) -> Response | None:
    """The page that asks for it, where something is not granted yet. Raises Declined."""
    door, app = signing.door, signing.door.client.app
    if app is None or not apps.asks(app) or not (door.needs or door.everybody):
        return None
    oid = consents.EVERYBODY if door.everybody else signing.account["id"]
    granted = not door.everybody and consents.has(door.cloud, app, signing.tenant["id"], oid, door.needs)
    if granted and not door.ask_again:
        return None
    answer = form.get("answer", "")
    if answer == "return":
        raise Declined(told=False)
    if not _may_consent(signing):
        return pages.page(pages.admins_only(app["displayName"], hidden=signing.hidden), 403)
    if answer == "refuse":
        raise Declined(told=True)
    if answer != "consent":
        wants = [*permissions.told(door.needs), *([permissions.STAYS] if door.stays else [])]
        whole = signing.tenant["displayName"] if door.everybody else ""
        return pages.page(pages.consent(app["displayName"], wants, whole=whole, hidden=signing.hidden))
    consents.grant(door.cloud, app, signing.tenant, oid, door.needs)
    return None


def _may_consent(signing: _Signing) -> bool:
    """An administrator may always; others for themselves, unless the tenant forbids it."""
    if signing.account.get("admin", True):
        return True
    return not signing.door.everybody and bool(signing.tenant.get("userConsent", True))


def _done(signing: _Signing) -> Session:
    """The ticket is spent."""
    cloud = signing.door.cloud
    cloud.store.delete("signIn", signing.doc["key"])
    return Session(signing.user["id"], cloud.clock.now().timestamp(), tuple(signing.doc["amr"]))


def refusal(error: EntraError) -> Response:
    """What is wrong before anything may go to the program is told to the person."""
    return pages.page(pages.told("That did not work", f"AADSTS{error.code}: {error.message}"), error.status)
