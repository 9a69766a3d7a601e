"""What Azure Policy would refuse, asked without making anything."""

from __future__ import annotations

from typing import Any

import pytest

from steps.kit.records import PolicyDenial
from tests.gateway.stage import Student

CHECK = "checkPolicyRestrictions$"
ASSIGNMENTS = "/subscriptions/s/providers/microsoft.authorization/policyAssignments"


def denials(student: Student) -> tuple[PolicyDenial, ...]:
    azure = student.azure(may_write=False)
    return azure.vault_denials(student.group, student.vault_name, student.told.location).value


def answering(student: Student, **body: Any) -> None:
    student.fault(method="POST", path=CHECK, status=200, body={"fieldRestrictions": [], **body})


def policy(name: str) -> dict[str, str]:
    return {"policyAssignmentId": f"{ASSIGNMENTS}/{name}", "policyDefinitionId": "/definition"}


def expression(path: str, value: object, operator: str, target: object, result: str = "True") -> dict[str, object]:
    return {"path": path, "expressionValue": value, "operator": operator, "targetValue": target, "result": result}


def evaluation(name: str, *expressions: dict[str, object], result: str = "NonCompliant") -> dict[str, object]:
    details = {"evaluatedExpressions": list(expressions)}
    return {"policyInfo": policy(name), "evaluationResult": result, "evaluationDetails": details}


def test_a_vault_that_no_policy_forbids_and_one_that_one_does(student: Student) -> None:
    assert denials(student) == ()
    student.stage.practice.ask(
        "PUT", f"/students/{student.told.subscription_id}/conditions", {"policy_denial": "no-vaults"}
    )
    (denial,) = denials(student)
    assert denial.assignment == "no-vaults"
    assert "Microsoft.KeyVault/vaults" in denial.reason
    assert not any(one.startswith("PUT") for one in student.requests())


GUID = "6f1d0f0e2d7b4a3c9b1e5a70"
ROLES_ONLY = "/providers/Microsoft.Authorization/policyDefinitions/12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5"


@pytest.mark.parametrize(
    ("shown", "named"),
    [
        ({"displayName": "Vaults go by roles"}, "Vaults go by roles"),
        ({}, "Azure Key Vault should use RBAC permission model"),  # its definition's
    ],
)
def test_an_assignment_is_called_as_azures_portal_shows_it(student: Student, shown: dict[str, str], named: str) -> None:
    assign(student, **shown)
    (denial,) = denials(student)
    assert denial.assignment == named
    assert "enableRbacAuthorization" in denial.reason


def test_where_its_name_may_not_be_read_it_is_called_by_its_id(student: Student) -> None:
    assign(student, displayName="Vaults go by roles")
    student.fault(method="GET", path="/policy(?:Assignments|Definitions)/", status=403)
    assert [one.assignment for one in denials(student)] == [GUID]


def assign(student: Student, **shown: str) -> None:
    """To the whole subscription, under a name that tells nothing."""
    place = f"/subscriptions/{student.told.subscription_id}/providers/Microsoft.Authorization/policyAssignments/{GUID}"
    wanted = {"policyDefinitionId": ROLES_ONLY, "parameters": {"effect": {"value": "Deny"}}, **shown}
    student.send("PUT", place, {"properties": wanted}, version="2023-04-01")


def test_the_reason_names_what_of_the_rule_held(student: Student) -> None:
    kind = expression("type", "Microsoft.KeyVault/vaults", "Equals", "Microsoft.KeyVault/vaults")
    place = expression("location", "westeurope", "NotIn", ["eastus", "westus"])
    spared = expression("location", "westeurope", "Equals", "global", result="False")
    answering(
        student,
        contentEvaluationResult={
            "policyEvaluations": [
                evaluation("places", kind, place, spared),
                evaluation("places", kind, place, spared),
                evaluation("fine", kind, result="Compliant"),
            ]
        },
    )
    assert denials(student) == (PolicyDenial("places", "location is westeurope (allowed: eastus, westus)"),)


@pytest.mark.parametrize(
    ("field", "restriction", "denied"),
    [
        ("tags.owner", {"result": "Required"}, True),
        ("tags.owner", {"result": "Required", "defaultValue": "nobody"}, False),  # the policy adds it
        ("tags.owner", {"result": "Removed"}, False),
        ("location", {"result": "Required", "values": ["eastus"]}, False),  # the evaluation tells that
    ],
)
def test_a_tag_that_is_required_and_nobody_adds(
    student: Student, field: str, restriction: dict[str, Any], denied: bool
) -> None:
    answering(student, fieldRestrictions=[{"field": field, "restrictions": [{**restriction, "policy": policy("p")}]}])
    assert denials(student) == ((PolicyDenial("p", "tags.owner is required"),) if denied else ())
