"""Every problem has words: what happened, and what to do."""

from __future__ import annotations

import json

import pytest

from steps.kit import problems
from steps.kit.azure import TRANSIENT, AzureProblem, ProblemKind
from steps.kit.problems import Whose
from steps.kit.verdict import Source, Verdict
from tests.steps.fake_azure import problem


@pytest.mark.parametrize("kind", list(ProblemKind))
def test_every_kind_says_what_happened_and_what_to_do(kind: ProblemKind) -> None:
    words = problems.wording(problem(kind))
    assert words.happened.endswith(".")
    assert words.to_do.endswith(".")
    assert "Azure said so." in words.happened


@pytest.mark.parametrize("kind", list(ProblemKind))
def test_a_problem_is_never_held_against_the_student(kind: ProblemKind) -> None:
    finding = problems.finding(problem(kind), wanted="a vault")
    assert finding.verdict is Verdict.COULD_NOT_TELL
    assert finding.reason == kind.value
    assert finding.wanted == "a vault"
    assert finding.sources == (problem(kind).source,)


def test_what_waiting_mends_is_azures_business() -> None:
    assert {kind for kind in TRANSIENT if problems.wording(problem(kind)).whose is not Whose.AZURE} == set()


def test_azures_own_code_stands_behind_our_words() -> None:
    assert "SomeCode: Azure said so." in problems.wording(problem(ProblemKind.NAME_TAKEN)).happened


def test_a_code_that_azures_words_begin_with_is_said_once() -> None:
    said = "AADSTS7000215: Invalid client secret provided."
    refused = AzureProblem(
        ProblemKind.CREDENTIAL_REJECTED, code="AADSTS7000215", message=said, source=Source("POST", "/x", 401, "")
    )
    assert problems.wording(refused).happened.endswith(f"Azure's words: {said}")


def test_what_never_reached_azure_is_not_put_into_its_mouth() -> None:
    lost = AzureProblem(
        ProblemKind.UNREACHABLE, code="", message="Reset by peer.", source=Source("PUT", "/x", None, "")
    )
    assert problems.wording(lost).happened == "The connection to Azure could not be made, or broke off."


@pytest.mark.parametrize(
    ("code", "happened", "to_do"),
    [
        ("ScopeLocked", "A lock guards this", "delete the lock"),
        ("ReadOnlyDisabledSubscription", "The subscription is disabled", "Reactivate"),
        ("DenyAssignmentAuthorizationFailed", "A deny assignment forbids this", "another resource group"),
        ("BadRequest", "Purge protection guards this", "choose another name"),
    ],
)
def test_what_guards_is_named(code: str, happened: str, to_do: str) -> None:
    source = Source("DELETE", "/x", 409, "")
    words = problems.wording(AzureProblem(ProblemKind.PROTECTED, code=code, message="No.", source=source))
    assert words.happened.startswith(happened)
    assert to_do in words.to_do


@pytest.mark.parametrize("kind", list(ProblemKind))
def test_the_portal_promises_no_further_try_once_it_has_given_up(kind: ProblemKind) -> None:
    assert "looks again" not in problems.after_giving_up(problem(kind))


def test_a_problem_survives_being_stored_but_is_no_longer_tried_again() -> None:
    before = problem(ProblemKind.THROTTLED)
    after = problems.from_facts(json.loads(json.dumps(problems.to_facts(before, lasting=True))))
    assert after is not None
    assert (after.kind, after.code, after.message, after.source) == (
        before.kind,
        before.code,
        before.message,
        before.source,
    )
    assert before.transient
    assert not after.transient


def test_an_unanswered_request_is_stored_without_a_status() -> None:
    lost = AzureProblem(ProblemKind.TIMED_OUT, code="", message="", source=Source("PUT", "/x", None, ""))
    after = problems.from_facts(problems.to_facts(lost, lasting=False))
    assert after is not None
    assert after.source.status is None
    assert after.transient
    assert problems.from_facts({"colour": "green"}) is None
