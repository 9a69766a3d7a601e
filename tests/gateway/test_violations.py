"""Azure Policy's refusal, told by the names that a policy has in Azure's portal."""

from __future__ import annotations

from typing import Any

import pytest

from labportal.gateway import violations

SAID = "Resource 'kv-anna' was disallowed by policy."
GUID = "fd5e2cb3842d4eefbc857917"
ASSIGNMENT = f"/subscriptions/s/providers/Microsoft.Authorization/policyAssignments/{GUID}"
IDENTIFIERS = (
    f'{SAID} Policy identifiers: \'[{{"policyAssignment":{{"name":"Vaults go by roles","id":"{ASSIGNMENT}"}},'
    '"policyDefinition":{"name":"RBAC","id":"/definition"}}]\'.'
)
REASONS = "Resource 'kv-anna' was disallowed by policy. Reasons: 'Ask IT.'. See error details for policy resource IDs."


def violation(**info: Any) -> dict[str, Any]:
    return {"type": "PolicyViolation", "info": {"policyAssignmentName": GUID, **info}}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            {"message": IDENTIFIERS, "additionalInfo": [violation(policyAssignmentDisplayName="Vaults go by roles")]},
            f'{SAID} The policy: "Vaults go by roles" (assignment {GUID}).',
        ),
        ({"message": IDENTIFIERS}, f'{SAID} The policy: "Vaults go by roles" (assignment {GUID}).'),
        (
            {"message": REASONS, "additionalInfo": [violation(policyDefinitionDisplayName="RBAC")]},
            f'{REASONS} The policy: "RBAC" (assignment {GUID}).',
        ),
        (
            {"message": SAID, "additionalInfo": [violation(), violation(policyAssignmentDisplayName=GUID)]},
            f'{SAID} The policy: "{GUID}".',
        ),
        (
            {"message": SAID, "additionalInfo": [violation(policyAssignmentDisplayName=one) for one in "AB"]},
            f'{SAID} The policy: "A" (assignment {GUID}), "B" (assignment {GUID}).',
        ),
        ({"message": SAID}, SAID),
        ({"message": f"{SAID} Policy identifiers: 'no JSON'."}, f"{SAID} Policy identifiers: 'no JSON'."),
        ({"message": f"{SAID} Policy identifiers: '[1, {{}}]'."}, f"{SAID} Policy identifiers: '[1, {{}}]'."),
        ({"message": SAID, "additionalInfo": [None, {"type": "Other"}, {"type": "PolicyViolation"}]}, SAID),
        ({"message": None, "additionalInfo": {}}, ""),
    ],
)
def test_the_policies_are_named_where_azure_names_them(told: dict[str, Any], words: str) -> None:
    assert violations.in_words(told) == words
