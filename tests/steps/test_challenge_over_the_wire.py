"""The challenge through the real gateway: the practice vault's own 403, and the access back as it was."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from labportal.gateway import Cloud, ServicePrincipal, open_azure
from steps.kit.azure import Azure
from steps.kit.course import Mode, course_of
from steps.kit.progress import Wait
from steps.kit.records import Vault
from steps.kit.runner import advance, ending
from steps.kit.task import Context
from steps.kit.verdict import Verdict
from tests.steps.test_access_over_the_wire import LAB, Student
from tests.steps.test_access_over_the_wire import student as student  # noqa: PLC0414 - a fixture
from tests.steps.walking import Tape, Walk, through_the_row, walk

if TYPE_CHECKING:
    from tests.practice_process import Practice

assert LAB.challenge is not None
CHALLENGE = LAB.challenge
USER_ACCESS_ADMINISTRATOR = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
DONE = ("create-vault", "create-secret", "grant-access", "read-secret")


@dataclass
class Taker:
    """The portal, taking the challenge with a student."""

    student: Student

    def azure(self) -> Azure:
        hand = self.student.hand
        told, cloud = hand.student, hand.cloud
        ids = {key: told[key] for key in ("client_id", "client_secret")}
        who = ServicePrincipal(told["tenant_id"], told["subscription_id"], **ids)
        return open_azure(Cloud(cloud.proxy, cloud.ca_bundle), who, may_write=True)

    def context(self, answer: str = "refused") -> Context:
        return Context(self.student.names, self.azure(), lambda text: "d" * 64, answers={"prediction": answer})

    def take(self, answer: str = "refused") -> Walk:
        return walk(CHALLENGE, Mode.CARRY_OUT, self.context(answer), self.student.pool)

    def access(self) -> Any:
        """The policies of the vault in no order, or the roles given in it."""
        names, azure = self.student.names, self.azure()
        vault: Vault | None = azure.vault(names.resource_group, names.vault).value
        assert vault is not None
        roles = {(one.scope, one.role_id, one.principal_id) for one in azure.roles_given_at(vault.id).value}
        policies = {
            (
                one.object_id,
                one.application_id,
                *(frozenset(kind) for kind in (one.secrets, one.keys, one.certificates)),
            )
            for one in vault.access_policies
        }
        return policies, roles

    def seen_by_vault(self, since: int) -> list[int]:
        """What the vault answered the VM since then, oldest first."""
        asked = self.student.hand.cloud.requests(since=since, host=f"{self.student.names.vault}.vault.azure.net")
        return [one["status"] for one in asked if one["origin"] == "vm"]


@pytest.fixture
def taker(student: Student) -> Taker:
    return Taker(student)


def test_the_vault_itself_answers_403_and_the_machine_reads_again(taker: Taker, practice: Practice) -> None:
    taker.student.carry_out(*DONE)
    more = taker.student.hand.student["vm_principal_id"]
    taker.student.let_in(more, "purge")
    before, since = taker.access(), practice.seen()
    walked = taker.take()
    assert walked.verdict is Verdict.PASSED
    happened = walked.finding("what-happened")
    assert "answered 403 Forbidden (AccessDenied)" in happened.found
    assert f"does not have secrets get permission on key vault '{taker.student.names.vault};" in happened.found
    assert happened.sources[-1].status == 403
    assert taker.seen_by_vault(since) == [403, 200]
    assert taker.access() == before


def test_by_roles_too(taker: Taker, practice: Practice) -> None:
    taker.student.carry_out("create-vault")
    taker.student.use_roles()
    taker.student.carry_out(*DONE[1:])
    before, since = taker.access(), practice.seen()
    walked = taker.take()
    assert walked.verdict is Verdict.PASSED
    assert "answered 403 Forbidden (ForbiddenByRbac)" in walked.finding("what-happened").found
    assert taker.seen_by_vault(since) == [403, 200]
    assert taker.access() == before


def test_a_role_at_the_secret_itself_is_put_back_there(taker: Taker) -> None:
    student = taker.student
    student.carry_out("create-vault")
    student.use_roles()
    student.carry_out("create-secret")
    scope = f"{student.vault}/secrets/{student.names.secret}"
    student.hand.assign("Secrets User", student.hand.student["vm_principal_id"], scope, str(uuid.uuid4()))
    before = given_to_machine(taker)
    assert [one[0].casefold() for one in before] == [scope.casefold()]
    assert taker.take().verdict is Verdict.PASSED
    assert given_to_machine(taker) == before


def given_to_machine(taker: Taker) -> list[tuple[str, str]]:
    names, principal = taker.student.names, taker.student.hand.student["vm_principal_id"]
    scope = f"{taker.student.vault}/secrets/{names.secret}"
    given = taker.azure().role_assignments(scope, principal).value
    return sorted((one.scope, one.role_id) for one in given if one.principal_id == principal)


def test_a_wrong_prediction_is_answered_with_what_came_and_the_access_is_back(taker: Taker) -> None:
    taker.student.carry_out(*DONE)
    before = taker.access()
    walked = taker.take("reads")
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons() == {
        "what-happened": "challenge_refused",
        "prediction": "challenge_not_foreseen",
        "access-back": "challenge_access_back",
    }
    assert taker.access() == before


def test_what_takes_a_while_to_count_is_waited_for(taker: Taker, practice: Practice) -> None:
    taker.student.carry_out(*DONE)
    before, since = taker.access(), practice.seen()

    def later(sitting: int) -> None:
        practice.ask("PUT", "/clock", {"offset_seconds": 20 * (sitting + 1)})

    with practice.conduct("timings", policy_propagation=60), practice.conduct("clock", offset_seconds=0):
        ctx, tape = taker.context(), Tape()
        walked = walk(CHALLENGE, Mode.CARRY_OUT, ctx, taker.student.pool, tape=tape, between=later)
    assert walked.verdict is Verdict.PASSED
    assert set(taker.seen_by_vault(since)) == {200, 403}
    assert any("still gives" in text for text in tape.texts)
    assert any("still turns" in text for text in tape.texts)
    assert taker.access() == before


def test_cancelled_while_the_access_is_away_it_is_put_back_before_the_end(taker: Taker) -> None:
    taker.student.carry_out(*DONE)
    before, course, tape = taker.access(), course_of(CHALLENGE, Mode.CARRY_OUT), Tape()
    outcome = advance(course, taker.context(), tape.stored, tape, taker.student.pool)
    assert isinstance(outcome, Wait), "the machine is asked"
    assert taker.access() != before
    progress = ending(course, through_the_row(outcome.progress), "cancelled")
    assert progress is not None
    advance(course, taker.context(), through_the_row(progress), tape, taker.student.pool)
    assert taker.access() == before


def test_who_may_not_give_roles_is_told_before_anything_is_touched(taker: Taker) -> None:
    taker.student.carry_out("create-vault")
    taker.student.use_roles()
    taker.student.carry_out(*DONE[1:])
    hand, before = taker.student.hand, taker.access()
    roles = f"{hand.scope}/providers/Microsoft.Authorization/roleAssignments"
    for one in taker.student.by_hand("GET", roles, version="2022-04-01")["value"]:
        if USER_ACCESS_ADMINISTRATOR in one["properties"]["roleDefinitionId"]:
            hand.arm("DELETE", f"{one['id']}?api-version=2022-04-01", None).raise_for_status()
    walked = taker.take()
    assert walked.verdict is Verdict.NOT_YET, walked.reasons()
    assert "could not put back what it takes" in walked.finding("what-happened").found
    assert taker.access() == before


def test_a_role_on_the_group_is_left_alone(taker: Taker) -> None:
    taker.student.carry_out("create-vault")
    taker.student.use_roles()
    taker.student.carry_out(*DONE[1:])
    hand = taker.student.hand
    group = f"{hand.scope}/resourceGroups/{taker.student.names.resource_group}"
    hand.assign("Secrets User", hand.student["vm_principal_id"], group, "0a5d9d1c-3b7e-4f57-9b1a-0d1f4f3b7a11")
    before = taker.access()
    walked = taker.take()
    assert "on the resource group" in walked.finding("what-happened").found
    assert taker.access() == before
