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
from tests.practice.inside import Inside, Json, Person
from tests.practice.looks.every import LOOKS
from tests.practice.looks.seen import Seen

TASKS = {"preflight", "create-vault", "create-secret", "grant-access", "read-secret", "any"}
VAULT, SECRET = "kv-agreed-{}", "agreed-secret"


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    cloud = Inside(tmp_path)
    cloud.cloud.timings = Timings(**dict.fromkeys((one.name for one in fields(Timings)), 0.0))
    yield cloud
    cloud.close()


def vault_of(person: Person) -> str:
    return VAULT.format(person.sid[:8])


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


@pytest.mark.parametrize("name", scenarios.CATALOGUE)
def test_azure_looks_as_the_title_says(inside: Inside, name: str) -> None:
    """Also when it is applied a second time, and to nobody else."""
    me, other = inside.student(), inside.student()
    before = everything_of(other)
    assert put_into(me, name)["changed"]
    put_into(me, name)
    LOOKS[name](seen(me))
    assert everything_of(other) == before
    assert other.arm("GET", other.scope).status_code == 200


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


@pytest.mark.parametrize("first", ["vault-right", "vault-deleted", "vault-in-other-group", "vault-name-taken"])
@pytest.mark.parametrize("then", ["read-ready", "secret-missing", "role-right", "vault-rbac-mode", "vault-missing"])
def test_one_scenario_after_another(inside: Inside, first: str, then: str) -> None:
    me = inside.student()
    put_into(me, first)
    put_into(me, then)
    LOOKS[then](seen(me))


def everything_of(person: Person) -> list[tuple[str, str, str]]:
    """Every document that belongs to a student."""
    rows = person.inside.cloud.store._db.execute(
        "SELECT kind, key, body FROM document WHERE owner = ? ORDER BY kind, key", (person.sid,)
    )
    return list(rows)
