"""Every scenario of the catalogue: applied to a student nobody has used, looked at from outside, lifted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from practice_cloud import scenarios
from practice_cloud.settings import Timings
from practice_cloud.students import with_addresses
from tests.practice.inside import ARM, VAULT, Inside, Json, Person
from tests.practice.looks.between import asked_on_the_vm
from tests.practice.looks.every import LOOKS
from tests.practice.looks.seen import Seen

TASKS = {"preflight", "create-vault", "create-secret", "grant-access", "read-secret", "any"}
SECRET = "agreed-secret"


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """One cloud for all: each test has students of its own, and what happens to one leaves the others alone."""
    cloud = Inside(tmp_path_factory.mktemp("cloud"))
    cloud.cloud.timings = Timings(**dict.fromkeys((one.name for one in fields(Timings)), 0.0))
    yield cloud
    cloud.close()


def vault_of(person: Person) -> str:
    return f"kv-agreed-{person.sid[:8]}"


def put_into(person: Person, name: str, **sent: Any) -> Json:
    student = person.inside.cloud.store.get("student", person.sid)
    assert student is not None
    agreed = {"vault": vault_of(person), "secret": SECRET}
    return scenarios.apply(person.inside.cloud, student, name, {**agreed, **sent})


def lifted(person: Person) -> Json:
    student = person.inside.cloud.store.get("student", person.sid)
    assert student is not None
    return scenarios.lift(person.inside.cloud, student)


def seen(person: Person) -> Seen:
    return Seen(person, vault_of(person), SECRET)


def test_every_scenario_is_looked_at() -> None:
    assert set(LOOKS) == set(scenarios.CATALOGUE)


@pytest.mark.parametrize("scenario", scenarios.CATALOGUE.values(), ids=lambda one: one.id)
def test_a_scenario_says_what_it_is(scenario: scenarios.Scenario) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", scenario.id)
    assert scenario.task in TASKS
    assert not scenario.title.endswith(".")
    assert scenario.does.endswith(".")


def test_no_two_scenarios_share_an_id() -> None:
    assert len(scenarios.CATALOGUE) == sum(len(book.scenarios) for book in scenarios.BOOKS)
    titles = [one.title for one in scenarios.CATALOGUE.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.thorough
@pytest.mark.parametrize("name", scenarios.CATALOGUE)
def test_azure_looks_as_the_title_says(inside: Inside, name: str) -> None:
    """Also when it is applied a second time, and to nobody else."""
    me, other = inside.student(), inside.student()
    before = everything_of(other)
    mine = me.with_password().json()
    me.had = {resource: me.token(resource) for resource in (ARM, VAULT)}
    me.had |= {"user": mine["access_token"], "refresh": mine["refresh_token"]}
    assert put_into(me, name)["changed"]
    put_into(me, name)
    LOOKS[name](seen(me))
    assert everything_of(other) == before
    assert other.arm("GET", other.scope).status_code == 200


@pytest.mark.thorough
@pytest.mark.parametrize("name", scenarios.CATALOGUE)
def test_what_a_student_suffers_from_is_lifted(inside: Inside, name: str) -> None:
    """Whoever cannot mend it alone can work again; a second lifting finds nothing."""
    me = inside.student()
    put_into(me, name)
    lifted(me)
    again = lifted(me)
    assert again["lifted"] == []
    assert me.sign_in().status_code == 200
    assert me.arm("GET", me.scope).json()["state"] == "Enabled"
    if not name.startswith("provider-"):
        assert me.arm("GET", me.vm_path).status_code == 200
        assert seen(me).agent() == "Ready" if seen(me).power() == "running" else True


@pytest.mark.thorough
@pytest.mark.parametrize("first", ["vault-right", "vault-deleted", "vault-in-other-group", "vault-name-taken"])
@pytest.mark.parametrize("then", ["read-ready", "secret-missing", "role-right", "vault-rbac-mode", "vault-missing"])
def test_one_scenario_after_another(inside: Inside, first: str, then: str) -> None:
    me = inside.student()
    put_into(me, first)
    put_into(me, then)
    LOOKS[then](seen(me))


def test_a_scenario_may_happen_later_and_be_called_off(inside: Inside) -> None:
    me = inside.student()
    told = put_into(me, "vm-deallocated", after_seconds=30)
    assert (told["changed"], told["later"]) == ([], [{"in_seconds": 30.0, "what": "The VM is deallocated."}])
    assert put_into(me, "vm-deallocated", after_seconds=20)["later"][0]["in_seconds"] == 20.0
    inside.pass_time(19)
    assert seen(me).power() == "running"
    inside.pass_time(2)
    assert seen(me).power() == "deallocated"
    put_into(me, "vm-identity-off", after_seconds=5)
    assert lifted(me)["lifted"] == ["This will not come: The VM's system-assigned identity is off."]
    inside.pass_time(10)
    assert "identity" in seen(me).vm()


def test_the_way_out_of_a_vm_is_free_again_when_its_seconds_are_over_or_when_it_is_lifted(inside: Inside) -> None:
    me = inside.student()
    put_into(me, "read-name-unresolved", parameters={"seconds": 30})
    assert asked_on_the_vm(seen(me)) == "NameResolutionFailure"
    inside.pass_time(31)
    assert asked_on_the_vm(seen(me)) == "ProtocolError"  # without a token, the vault itself refuses
    put_into(me, "read-tls-refused")
    assert asked_on_the_vm(seen(me)) == "SecureChannelFailure"
    assert [one for one in lifted(me)["lifted"] if one.endswith("its way out is free.")]
    assert asked_on_the_vm(seen(me)) == "ProtocolError"


def test_the_student_is_told_the_identity_that_the_vm_has_now(inside: Inside) -> None:
    me = inside.student()
    put_into(me, "policy-for-former-identity")
    told = with_addresses(inside.cloud, me.sid)
    assert told is not None
    assert told["vm_principal_id"] == seen(me).oid() != me.told["vm_principal_id"]
    put_into(me, "vm-identity-off")
    assert (with_addresses(inside.cloud, me.sid) or {})["vm_principal_id"] == ""


def test_what_is_to_come_survives_a_restart(tmp_path: Path) -> None:
    before = Inside(tmp_path)
    me = before.student()
    put_into(me, "vm-agent-silent", parameters={"seconds": 30})
    before.close()
    after = Inside(tmp_path)
    again = Person(after, me.told)
    assert seen(again).agent() == "Not Ready"
    after.pass_time(31)
    assert seen(again).agent() == "Ready"
    after.close()


def test_without_names_it_is_about_what_was_asked_for_last(inside: Inside) -> None:
    """A portal that looks for a vault says its name."""
    me = inside.student()
    student = inside.cloud.store.get("student", me.sid)
    assert student is not None
    assert scenarios.apply(inside.cloud, student, "azure-hiccup", {})["vault"] == f"kv-lab-{me.sid[:8]}"
    other = inside.student()
    student = inside.cloud.store.get("student", other.sid)
    assert student is not None
    wanted = f"{other.place}/Microsoft.KeyVault/vaults/kv-wanted-1"
    for path in (f"{wanted}/secrets/wanted", wanted):
        assert other.arm("GET", path).status_code == 404
    told = scenarios.apply(inside.cloud, student, "secret-right", {})
    assert (told["vault"], told["secret"]) == ("kv-wanted-1", "wanted")


def test_what_stays_is_told_and_the_names_are_remembered(inside: Inside) -> None:
    me = inside.student()
    student = inside.cloud.store.get("student", me.sid)
    assert student is not None
    put_into(me, "vault-rbac-mode")
    told = scenarios.apply(inside.cloud, student, "azure-503", {})
    assert (told["vault"], told["secret"]) == (vault_of(me), SECRET)
    outcome = lifted(me)
    assert outcome["lifted"] == ["Faults lifted: 1."]
    assert outcome["stays"] == [f"{vault_of(me)} goes by roles (Azure RBAC)."]
    assert seen(me).vault_shown()["enableRbacAuthorization"] is True


@pytest.mark.parametrize(
    ("sent", "hint"),
    [
        ({"name": "vault-rbac"}, "near it are vault-rbac-mode"),
        ({"name": "vault-rbac-mode", "vault": "a--b"}, "consecutive hyphens"),
        ({"name": "vault-rbac-mode", "vault": 7}, "such as kv-lab-1"),
        ({"name": "secret-right", "secret": "my secret"}, "letters, digits and hyphens"),
        ({"name": "azure-503", "parameters": {"minutes": 1}}, "it has seconds"),
        ({"name": "vault-missing", "parameters": {"seconds": 1}}, "it has none"),
        ({"name": "azure-503", "parameters": {"seconds": 0}}, "above zero"),
        ({"name": "azure-503", "parameters": {"seconds": True}}, "until the trouble is over"),
        ({"name": "azure-503", "parameters": {"seconds": float("nan")}}, "above zero"),
        ({"name": "azure-503", "after_seconds": "soon"}, "after_seconds must be a number"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(inside: Inside, sent: Json, hint: str) -> None:
    me = inside.student()
    before = everything_of(me)
    with pytest.raises(scenarios.Refused, match=hint):
        put_into(me, **sent)
    assert everything_of(me) == before


def test_a_vault_of_another_student_is_left_alone(inside: Inside) -> None:
    me, other = inside.student(), inside.student()
    put_into(other, "vault-right")
    before = everything_of(other)
    for name in ("vault-missing", "vault-right", "vault-name-taken", "vault-deleted", "read-ready", "role-right"):
        with pytest.raises(scenarios.Refused, match="another student's"):
            put_into(me, name, vault=vault_of(other))
    assert everything_of(other) == before


def test_trouble_of_one_student_is_not_anothers(inside: Inside) -> None:
    """At all doors: ARM, the vault, the sign-in service, the VM's metadata service."""
    me, other = inside.student(), inside.student()
    for one in (me, other):
        put_into(one, "read-ready")
    for name in ("azure-503", "vault-throttled", "entra-503", "imds-500"):
        put_into(me, name)
    assert me.sign_in().status_code == 503
    assert me.imds().status_code == 500
    assert seen(other).vm_reads().status_code == 200
    assert other.arm("GET", other.scope).status_code == 200


def everything_of(person: Person) -> list[tuple[str, str, str]]:
    """Every document that belongs to a student."""
    rows = person.inside.cloud.store._db.execute(
        "SELECT kind, key, body FROM document WHERE owner = ? ORDER BY kind, key", (person.sid,)
    )
    return list(rows)
