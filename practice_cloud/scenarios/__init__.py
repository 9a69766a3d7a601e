"""Scenarios: every way to be subtly wrong, and Azure in trouble, each by a name that tests, demos and authors use.

A scenario changes one student's documents, as a class might find that student's Azure. What it needs and is not there,
it makes. ``scenarioLog``/{sid} remembers the names agreed on and what stays: ``{vault, secret, stays: […]}``.
"""

from __future__ import annotations

import difflib
import logging
import re
from typing import TYPE_CHECKING, Any

from practice_cloud.scenarios import (
    between,
    groups,
    later,
    machine,
    making,
    names,
    person,
    policies,
    reading,
    roles,
    secret,
    subscription,
    trouble,
    vault,
)
from practice_cloud.scenarios.book import Book, Number, Refused, Scenario
from practice_cloud.scenarios.lift import lift as end_all
from practice_cloud.scenarios.scene import Scene
from practice_cloud.store import Doc
from practice_cloud.vaults import model, rules, secrets

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

__all__ = ["CATALOGUE", "Refused", "Scenario", "apply", "lift", "run_due"]

_TASKS = (subscription, machine, making, names, vault, secret, policies, roles, groups, reading, between)
BOOKS: tuple[Book, ...] = tuple(room.BOOK for room in (*_TASKS, trouble, person))
CATALOGUE: dict[str, Scenario] = {one.id: one for book in BOOKS for one in book.scenarios}
DEFAULT_SECRET = "lab-secret"  # noqa: S105 - a name
_VAULT = r"/providers/Microsoft\.KeyVault/vaults/([^/]+)"
_SECRET = r"/providers/Microsoft\.KeyVault/vaults/[^/]+/secrets/([^/]+)"  # noqa: S105 - where a name stands
AFTER = Number(None, "the seconds after which it happens")
run_due = later.run_due
log = logging.getLogger(__name__)
_LOG = "scenarioLog"


def apply(cloud: Cloud, student: Doc, name: str, sent: Doc) -> Doc:
    """``sent``: ``vault?, secret?, parameters?, after_seconds?``: with the last it happens only then.

    Raises Refused, and nothing has changed then.
    """
    scenario = CATALOGUE.get(name)
    if scenario is None:
        raise Refused(f"There is no scenario {name!r}. GET /scenarios lists them{_near(name)}")
    agreed, parameters = _agreed(cloud, student, sent), scenario.read(sent.get("parameters") or {})
    scene = Scene(cloud, student, **agreed, parameters=parameters)
    after = AFTER.read("after_seconds", sent.get("after_seconds"))
    with cloud.store.transaction():
        if after is None:
            scenario.act(scene)
        else:
            data = {"name": name, "parameters": sent.get("parameters") or {}, **agreed}
            scene.later(after, "scenario", f"{scenario.title}.", **data)
        _remember(scene, agreed)
    return {"name": name, "title": scenario.title, **agreed, "changed": scene.changed, "later": _later(scene)}


@later.step("scenario")
def _apply_later(cloud: Cloud, doc: Doc) -> None:
    """What can no longer be, such as a vault whose name somebody else has taken since, is told to the log."""
    student = cloud.store.get("student", doc["sid"])
    assert student is not None  # noqa: S101 - they are forgotten together
    try:
        apply(cloud, student, doc["data"]["name"], doc["data"])
    except Refused as refused:
        log.warning("scenario %s came to nothing: %s", doc["data"]["name"], refused)


def _remember(scene: Scene, agreed: dict[str, str]) -> None:
    kept = scene.cloud.store.get(_LOG, scene.sid) or {"stays": []}
    stays = list(dict.fromkeys([*kept["stays"], *scene.stays]))
    scene.put(_LOG, scene.sid, {**agreed, "stays": stays})


def lift(cloud: Cloud, student: Doc) -> Doc:
    """An end to all that suffers or is to come: ``{lifted: […], stays: […]}``. Nothing where there is nothing."""
    log = cloud.store.get(_LOG, student["subscription_id"]) or {"stays": []}
    scene = Scene(cloud, student, **_agreed(cloud, student, {}), parameters={})
    with cloud.store.transaction():
        lifted = end_all(scene)
    return {"lifted": lifted, "stays": log["stays"]}


def _later(scene: Scene) -> list[Doc]:
    planned = later.planned(scene.cloud, scene.sid)
    return [{"in_seconds": round(doc["at"] - scene.now, 1), "what": doc["says"]} for doc in planned]


def _agreed(cloud: Cloud, student: Doc, sent: Doc) -> dict[str, str]:
    """The names of vault and secret: those sent, those of the last scenario, those that ARM was asked about last, or
    those that are there."""
    kept, sid = cloud.store.get(_LOG, student["subscription_id"]) or {}, student["subscription_id"]
    vault_name = sent.get("vault") or kept.get("vault") or _asked_about(cloud, sid, _VAULT) or _vault_there(cloud, sid)
    if not isinstance(vault_name, str) or not rules.vault_name_allowed(vault_name):
        raise Refused(f"vault must be a name that Azure allows, such as kv-lab-1: {rules.VAULT_NAME_RULE}")
    secret_name = sent.get("secret") or kept.get("secret") or _asked_about(cloud, sid, _SECRET)
    secret_name = secret_name or _secret_there(cloud, vault_name)
    if not isinstance(secret_name, str) or not rules.secret_name_allowed(secret_name):
        raise Refused("secret must be a name of 1 to 127 letters, digits and hyphens, such as lab-secret")
    return {"vault": vault_name, "secret": secret_name}


def _asked_about(cloud: Cloud, sid: str, pattern: str) -> str:
    """The name in the last request to ARM that has one, "" where there was none: what a portal looks for."""
    found = cloud.requests.select(host=r"^management\.", path=pattern, subscription_id=sid)
    named = re.search(pattern, found[-1]["path"], re.IGNORECASE) if found else None
    return named[1] if named else ""


def _vault_there(cloud: Cloud, sid: str) -> str:
    there = [str(doc["name"]) for doc in model.in_subscription(cloud, sid)]
    return there[0] if there else f"kv-lab-{sid[:8]}"


def _secret_there(cloud: Cloud, vault_name: str) -> str:
    doc = model.find(cloud, vault_name)
    there = [str(found["name"]) for found in secrets.SHELF.all_live(cloud, doc)] if doc else []
    return there[0] if there else DEFAULT_SECRET


def _near(name: Any) -> str:
    near = difflib.get_close_matches(str(name), CATALOGUE, n=4, cutoff=0.5)
    return f"; near it are {', '.join(near)}" if near else ""
