"""What one student's Azure suffers from: faults that begin and end, operations that fail or never end, slow ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

from practice_cloud import revocation
from tests.practice.inside import VAULT, Inside, Json, Person


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    cloud = Inside(tmp_path)
    yield cloud
    cloud.close()


def started(person: Person) -> tuple[int, str]:
    """What becomes of starting the VM: the status of the order, and where to look."""
    answer = person.arm("POST", f"{person.vm_path}/start")
    return answer.status_code, answer.headers["azure-asyncoperation"].removeprefix("https://management.azure.com")


def status_of(person: Person, place: str) -> str:
    return str(person.arm("GET", place.partition("?")[0]).json()["status"])


def vault_of(person: Person) -> str:
    return f"{person.place}/Microsoft.KeyVault/vaults/kv-{person.sid[:8]}"


def test_a_fault_begins_and_ends_by_the_clouds_clock(inside: Inside) -> None:
    me = inside.student()
    inside.cloud.faults.add({"host": "management", "status": 503, "after_seconds": 10, "for_seconds": 20})
    seen = []
    for _ in range(4):
        seen.append(me.arm("GET", me.scope).status_code)
        inside.pass_time(9)
    assert seen == [200, 200, 503, 503]
    assert me.arm("GET", me.scope).status_code == 200


@pytest.mark.parametrize(("fate", "after"), [("fails", "Failed"), ("hangs", "InProgress")])
def test_operations_fail_or_never_end_and_do_nothing(inside: Inside, fate: str, after: str) -> None:
    me, other = inside.student(), inside.student()
    stopped = {"powerState": "deallocated"}
    for one in (me, other):
        doc = inside.cloud.store.get("vm", one.vm_path.lower())
        inside.cloud.store.put("vm", one.vm_path.lower(), {**(doc or {}), **stopped}, owner=one.sid)
    inside.cloud.store.put("operationFate", me.sid, {"fate": fate}, owner=me.sid)
    (mine, my_place), (theirs, their_place) = started(me), started(other)
    assert mine == theirs == 202
    inside.pass_time(100)
    assert status_of(me, my_place) == after
    assert status_of(other, their_place) == "Succeeded"
    power = me.arm("GET", f"{me.vm_path}/instanceView").json()["statuses"][1]["code"]
    assert power == "PowerState/deallocated"


def test_a_student_may_have_timings_of_their_own(inside: Inside) -> None:
    me, other = inside.student(), inside.student()
    inside.cloud.store.put("studentTimings", me.sid, {"vault_create": 60.0}, owner=me.sid)
    for one in (me, other):
        properties: Json = {"sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
        properties["tenantId"] = one.told["tenant_id"]
        one.arm("PUT", vault_of(one), json={"location": "eastus", "properties": properties})
    inside.pass_time(30)
    shown = [one.arm("GET", vault_of(one)).json()["properties"] for one in (me, other)]
    assert [one["provisioningState"] for one in shown] == ["RegisteringDns", "Succeeded"]


def test_tokens_that_were_taken_back_are_refused_by_arm_and_vaults(inside: Inside) -> None:
    """With the challenge that asks for a newer one; which counts."""
    me = inside.student()
    properties: Json = {"sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
    properties["tenantId"] = me.told["tenant_id"]
    me.arm("PUT", vault_of(me), json={"location": "eastus", "properties": properties})
    inside.pass_time(10)
    old, old_for_vaults = me.token(), me.token(VAULT)
    oid = str(jwt.decode(old, options={"verify_signature": False})["oid"])
    revocation.revoke(inside.cloud, me.sid, oid)
    name = vault_of(me).rpartition("/")[2]
    for answer in (me.arm("GET", me.scope, token=old), me.data("GET", name, "/secrets", token=old_for_vaults)):
        assert answer.status_code == 401
        assert "TokenIssuedBeforeRevocationTimestamp" in answer.json()["error"]["message"]
        assert 'error="insufficient_claims", claims="' in answer.headers["www-authenticate"]
    inside.pass_time(1)
    assert me.arm("GET", me.scope).status_code == 200
    assert me.data("GET", name, "/secrets").status_code == 403


def test_a_fault_of_one_student_meets_their_vault_and_directory_too(inside: Inside) -> None:
    me, other = inside.student(), inside.student()
    inside.cloud.faults.add({"host": "login", "status": 503, "subscription_id": me.sid})
    assert me.sign_in().status_code == 503
    assert other.sign_in().status_code == 200
    domain = me.told["user"].partition("@")[2]
    by_domain = inside.send("GET", f"https://login.microsoftonline.com/{domain}/v2.0/.well-known/openid-configuration")
    assert by_domain.status_code == 503


@pytest.mark.parametrize(("back", "accepted"), [(2, True), (299, True), (301, False)])
def test_a_new_client_secret_counts_for_a_clock_that_is_a_little_behind(
    inside: Inside, back: float, accepted: bool
) -> None:
    me = inside.student()
    inside.pass_time(-back)
    answer = me.sign_in()
    assert (answer.status_code == 200) is accepted
    assert accepted or answer.json()["error_codes"] == [7000222]
