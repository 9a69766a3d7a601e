"""Conditions on role assignments: what their text alone tells of one action."""

from __future__ import annotations

import pytest

from steps.key_vault_managed_identity.role_actions import GET, SECRETS_USER, reads
from steps.kit.records import Permission, RoleAssignment

BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
NAMED = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'not OR and (this)'"
WRITE = "Microsoft.Authorization/roleAssignments/write"
ROLES = f"@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] GuidEquals {{{SECRETS_USER}}}"


def given(condition: str) -> RoleAssignment:
    permissions = (Permission(data_actions=(GET,)),)
    return RoleAssignment("id", "principal", "/scope", SECRETS_USER, "Reader", permissions, condition=condition)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("", True),
        ("  \n", True),
        (f"((!(ActionMatches{{'{BLOBS}'}})) OR ({NAMED}))", True),
        (f"((!(ActionMatches{{'{BLOBS}'}} AND SubOperationMatches{{'Blob.List'}})) OR ({NAMED}))", True),
        (f"((!(ActionMatches{{'{WRITE}'}})) OR ({ROLES})) AND ((!(ActionMatches{{'{BLOBS}'}})) OR ({NAMED}))", True),
        (f"((!(ActionMatches{{'{GET}'}})) OR ({NAMED}))", None),
        (f"(!(ActionMatches{{'Microsoft.KeyVault/vaults/secrets/*'}}) || {NAMED})", None),
        (f"NOT ActionMatches {{ '{GET.upper()}' }}", False),
        (f"(!(ActionMatches{{'{GET}'}})) && ({NAMED})", False),
        (NAMED, None),
        (f"NOT {NAMED}", None),
        (f"(Exists {NAMED.partition(' String')[0]}) OR (ActionMatches{{'{GET}'}})", True),
        ("@Environment[UtcNow] DateTimeLessThan '2027-01-01T00:00:00.0Z'", None),
        ("((!(ActionMatches{'x'})", None),
        (f"!(ActionMatches{{'{BLOBS}'}}) )", None),
        ("AND", None),
        ("()", None),
        ("& '", None),
        ("(" * 5000, None),
    ],
)
def test_a_condition_counts_as_far_as_its_text_tells(condition: str, told: bool | None) -> None:
    assert reads(given(condition)) is told


def test_no_condition_makes_a_role_read_that_does_not() -> None:
    role = RoleAssignment("id", "principal", "/scope", SECRETS_USER, "None", (), condition=f"ActionMatches{{'{GET}'}}")
    assert reads(role) is False
