"""What the portal gives its own identity: noted before it is given, and forgotten if Azure refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from steps.key_vault_managed_identity.patience import ROLE_WAITS
from steps.kit.azure import DONE_PERHAPS, ProblemKind
from steps.kit.course import Mode, course_of
from steps.kit.patience import STEP_WAITS
from steps.kit.progress import Progress
from steps.kit.records import Lock, RoleAssignment, Seen, Vault
from steps.kit.runner import ending
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    CALLER,
    GROUP_PATH,
    NAMES,
    SECRETS_OFFICER,
    SECRETS_USER,
    SUBSCRIPTION_PATH,
    a_vault,
    after_task,
    assignment,
    problem,
    set_vault,
)
from tests.steps.portals_hand import GRANT, SECRET, Hand, rights_of
from tests.steps.walking import Killed, Tape, through_the_row, walk

ROLES = replace(NAMES, permission_model="roles")
OWN = assignment(SECRETS_OFFICER, CALLER, a_vault().id)
NOT_FOR = "(!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/%s/action'}))"


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as made:
        yield made


def by_roles(pool: ThreadPoolExecutor, *given: RoleAssignment, began: datetime | None = None) -> Hand:
    azure = after_task(1)
    set_vault(azure, rbac=True, access_policies=())
    azure.assignments.extend(given)
    return Hand(azure, pool, names=ROLES, began=began)


def by_policies(pool: ThreadPoolExecutor) -> Hand:
    azure = after_task(1)
    set_vault(azure, access_policies=())
    return Hand(azure, pool)


def carried_out(hand: Hand) -> Progress:
    progress = walk(SECRET, Mode.CARRY_OUT, hand.context(), hand.pool).finished.progress
    hand.carry_out(SECRET)
    return progress


def test_a_role_that_the_portal_could_not_give_itself_is_the_students(pool: ThreadPoolExecutor) -> None:
    hand = by_roles(pool)
    hand.azure.before["assign_role"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(2)]
    progress = carried_out(hand)
    assert not progress.did
    assert "let_in_role" not in progress.facts["create-secret"]
    assert hand.carried_out == {}
    hand.azure.assignments.append(OWN)  # as the verdict advises
    hand.carry_out(SECRET)
    assert hand.undo(SECRET).verdict is Verdict.PASSED
    assert hand.azure.assignments == [OWN]


def test_nor_does_cleaning_up_take_it_where_the_vault_stays(pool: ThreadPoolExecutor) -> None:
    now = datetime.now(UTC)
    hand = by_roles(pool, began=now)
    set_vault(hand.azure, created_at=now - timedelta(days=30))
    hand.azure.before["assign_role"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    hand.carry_out(SECRET)
    hand.azure.assignments.append(OWN)
    assert hand.clean_up().verdict is Verdict.PASSED
    assert hand.azure.assignments == [OWN]


@pytest.mark.parametrize("kind", [kind for kind in ProblemKind if kind not in DONE_PERHAPS])
def test_a_refused_policy_leaves_no_note(pool: ThreadPoolExecutor, kind: ProblemKind) -> None:
    hand = by_policies(pool)
    hand.azure.before["add_access_policy"] = [problem(kind) for _ in range(len(STEP_WAITS) + 1)]
    progress = walk(SECRET, Mode.CARRY_OUT, hand.context(), pool).finished.progress
    assert progress.gave_up == kind.value
    assert not progress.did
    assert "let_in" not in progress.facts["create-secret"]


@pytest.mark.parametrize("kind", sorted(DONE_PERHAPS))
def test_where_nobody_knows_it_counts_as_given(
    pool: ThreadPoolExecutor, kind: ProblemKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Done, and the answer lost: then the portal may not see it either."""
    hand = by_policies(pool)
    tries = len(STEP_WAITS) + 1 if problem(kind).may_pass else 1
    hand.azure.before["add_access_policy"] = [problem(kind) for _ in range(tries)]
    vault = hand.azure.vault

    def out_of_sight(group: str, name: str) -> Seen[Vault | None]:
        """From the last try on."""
        if hand.azure.before["add_access_policy"]:
            return vault(group, name)
        raise problem(kind)

    monkeypatch.setattr(hand.azure, "vault", out_of_sight)
    progress = walk(SECRET, Mode.CARRY_OUT, hand.context(), pool).finished.progress
    assert progress.did
    assert progress.facts["create-secret"]["let_in"] == "set"


@pytest.mark.parametrize("kind", sorted(DONE_PERHAPS))
def test_what_the_vault_shows_not_to_be_given_leaves_no_note(pool: ThreadPoolExecutor, kind: ProblemKind) -> None:
    hand = by_policies(pool)
    hand.azure.before["add_access_policy"] = [problem(kind) for _ in range(len(STEP_WAITS) + 1)]
    progress = walk(SECRET, Mode.CARRY_OUT, hand.context(), pool).finished.progress
    assert not progress.did
    assert "let_in" not in progress.facts["create-secret"]


def test_cancelled_between_the_note_and_the_giving_it_is_known(pool: ThreadPoolExecutor) -> None:
    hand, tape = by_policies(pool), Tape()
    hand.azure.after["add_access_policy"] = [Killed()]
    with pytest.raises(Killed):
        walk(SECRET, Mode.CARRY_OUT, hand.context(), pool, tape=tape)
    stored = through_the_row(tape.stored)
    assert ending(course_of(SECRET, Mode.CARRY_OUT), stored, "cancelled") is None  # it ends as it stands
    assert (stored.did, stored.in_doubt) == (False, True)
    assert stored.facts == {"create-secret": {"let_in": "set", "vault": NAMES.vault}}
    assert rights_of(hand.azure, CALLER) == {"set"}


def test_what_the_portal_was_given_is_told_once_it_is_given(pool: ThreadPoolExecutor) -> None:
    hand = by_policies(pool)
    told = walk(SECRET, Mode.CARRY_OUT, hand.context(), pool).tape.texts
    assert told[0] == f"For this, the identity of your connection got the permission set on secrets in {NAMES.vault}."


def test_undoing_forgets_what_it_could_not_give_itself(pool: ThreadPoolExecutor) -> None:
    hand = by_policies(pool)
    hand.carry_out(SECRET)
    hand.azure.before["add_access_policy"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = hand.undo(SECRET)
    assert "let_in" not in walked.finished.progress.facts["undo-secret-let-in"]
    assert walked.reasons()["portal-rights-back"] == "portal_rights_back"


# -- a role on a condition


@pytest.mark.parametrize("what", ["setSecret", "*"])
def test_a_role_whose_condition_shuts_writing_out_is_not_believed(pool: ThreadPoolExecutor, what: str) -> None:
    hand = by_roles(pool, replace(OWN, condition=NOT_FOR % what))
    before = list(hand.azure.assignments)
    walked = walk(SECRET, Mode.CARRY_OUT, hand.context(), pool)
    assert walked.waits == []
    assert walked.finished.progress.facts["create-secret"]["code"] == "RoleWithCondition"
    finding = walked.finding("secret-exists")
    assert finding.reason == "secret_missing_no_role_to_set"
    assert "only on a condition" in finding.found
    assert finding.next_step.startswith("Remove that one first")
    assert hand.azure.assignments == before


def test_one_that_only_azure_can_judge_is_tried_and_then_told(pool: ThreadPoolExecutor) -> None:
    unknown = replace(OWN, condition="@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'other'")
    hand = by_roles(pool, unknown)
    hand.azure.before["set_secret"] = [problem(ProblemKind.NOT_AUTHORIZED, code="ForbiddenByRbac")]
    walked = walk(SECRET, Mode.CARRY_OUT, hand.context(), pool)
    assert walked.waits == []
    assert "only on a condition" in walked.finished.progress.facts["create-secret"]["message"]
    assert hand.azure.assignments == [unknown]
    hand.carry_out(SECRET)
    assert hand.azure.kept_secrets


def test_undoing_leaves_the_students_role_on_a_condition_as_it_is(pool: ThreadPoolExecutor) -> None:
    mine = replace(OWN, condition=NOT_FOR % "purge")
    hand = by_roles(pool, mine)
    hand.carry_out(SECRET)
    walked = hand.undo(SECRET)
    assert walked.reasons()["secret-gone"] == "secret_kept_by_roles"
    assert "only on a condition" in walked.finding("secret-gone").found
    assert hand.azure.assignments == [mine]
    assert walked.finding("secret-gone").next_step.startswith("Remove that one first")


# -- which of them are the portal's


def test_the_students_own_role_at_another_secret_is_no_rest_of_the_portals(pool: ThreadPoolExecutor) -> None:
    mine = assignment(SECRETS_OFFICER, CALLER, f"{a_vault().id}/secrets/other")
    hand = by_roles(pool, mine)
    hand.carry_out(SECRET)
    assert len(hand.azure.assignments) == 2
    walked = hand.undo(SECRET)
    assert walked.reasons()["portal-rights-back"] == "portal_rights_back"
    assert walked.verdict is Verdict.PASSED
    assert hand.azure.assignments == [mine]


def test_undoing_task_2_and_task_3_each_take_their_own(pool: ThreadPoolExecutor) -> None:
    hand = by_roles(pool)
    hand.carry_out(SECRET, GRANT)
    assert {one.role_id for one in hand.azure.assignments} == {SECRETS_OFFICER, SECRETS_USER}
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert [one.role_id for one in hand.azure.assignments] == [SECRETS_OFFICER]
    assert hand.undo(SECRET).verdict is Verdict.PASSED
    assert hand.azure.assignments == []


# -- what keeps the portal from deleting


@pytest.mark.parametrize("code", ["ForbiddenByFirewall", "ForbiddenByConnection"])
@pytest.mark.parametrize("rbac", [True, False])
def test_behind_a_firewall_it_is_the_firewall_that_is_told(pool: ThreadPoolExecutor, code: str, *, rbac: bool) -> None:
    hand = by_roles(pool) if rbac else by_policies(pool)
    hand.carry_out(SECRET)
    set_vault(hand.azure, default_action="Deny")
    hand.azure.before["delete_secret"] = [problem(ProblemKind.NOT_AUTHORIZED, code=code)]
    walked = hand.undo(SECRET)
    assert walked.waits == []
    finding = walked.finding("secret-gone")
    assert finding.reason == "secret_still_there"
    assert "the network settings of kv-anna-7f3c keep the portal out" in finding.found
    assert "has none" not in finding.found
    assert finding.next_step.startswith("Open kv-anna-7f3c, Settings, Networking")


def test_who_has_a_role_that_does_not_count_is_not_told_to_get_one(pool: ThreadPoolExecutor) -> None:
    hand = by_roles(pool)
    hand.carry_out(SECRET)
    hand.azure.before["delete_secret"] = [problem(ProblemKind.NOT_AUTHORIZED, code="ForbiddenByRbac")] * 20
    walked = hand.undo(SECRET)
    assert sum(walked.waits) == sum(ROLE_WAITS)
    assert walked.reasons()["secret-gone"] == "secret_still_there"


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("scope", [GROUP_PATH, SUBSCRIPTION_PATH, a_vault().id])
def test_under_a_lock_undoing_gives_itself_no_role_that_it_could_not_take_back(
    pool: ThreadPoolExecutor, scope: str, *, read_only: bool
) -> None:
    hand = by_roles(pool)
    hand.carry_out(SECRET)
    hand.azure.assignments.clear()
    hand.azure.kept_locks = (Lock("/locks/keep", "keep-it", scope, read_only=read_only),)
    hand.azure.calls.clear()
    walked = hand.undo(SECRET)
    assert walked.reasons()["secret-gone"] == "secret_locked"
    assert "the lock keep-it on" in walked.finding("secret-gone").found
    assert "az lock delete --ids /locks/keep" in walked.finding("secret-gone").next_step
    assert "undo once more" in walked.finding("secret-gone").next_step
    assert walked.reasons()["portal-rights-back"] == "portal_rights_back"
    assert hand.azure.calls["assign_role"] == 0
    assert hand.azure.assignments == []
    hand.azure.kept_locks = ()
    assert hand.undo(SECRET).verdict is Verdict.PASSED


def test_a_lock_on_another_thing_is_none_of_its_business(pool: ThreadPoolExecutor) -> None:
    hand = by_roles(pool)
    hand.carry_out(SECRET)
    hand.azure.assignments.clear()
    hand.azure.kept_locks = (Lock("/locks/keep", "keep-it", f"{a_vault().id}-other", read_only=False),)
    assert hand.undo(SECRET).verdict is Verdict.PASSED


def test_who_may_not_ask_for_locks_undoes_all_the_same(pool: ThreadPoolExecutor) -> None:
    hand = by_roles(pool)
    hand.carry_out(SECRET)
    hand.azure.assignments.clear()
    hand.azure.before["locks"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    assert hand.undo(SECRET).verdict is Verdict.PASSED
