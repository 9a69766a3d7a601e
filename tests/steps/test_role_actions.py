"""What roles let somebody do, worked out as Azure works it out."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.key_vault_managed_identity.role_actions import (
    GET,
    SECRETS_OFFICER,
    SECRETS_USER,
    SET,
    allows,
    covers,
    in_words,
    secret_scope,
    that_hold,
    vault_scope,
)
from steps.kit.records import Permission
from tests.steps.fake_azure import GROUP_PATH, NAMES, OWNER, PRINCIPAL, SUBSCRIPTION_PATH, a_vault, assignment
from tests.steps.fake_records import ROLES

PARTS = st.sampled_from(
    ["Microsoft.KeyVault", "vaults", "secrets", "keys", "getSecret", "action", "*", "get*", "*Secret"]
)
PATTERNS = st.lists(PARTS, min_size=1, max_size=5).map("/".join)
ACTIONS = st.one_of(st.just(GET), st.just(SET), st.text("abcGET/.-_[]?\\", max_size=30))


@given(PATTERNS, ACTIONS)
def test_a_star_stands_for_any_text_and_case_does_not_count(pattern: str, action: str) -> None:
    said = allows([Permission(data_actions=(pattern,))], action)
    assert said == fnmatchcase(action.lower(), pattern.lower())
    assert said == allows([Permission(data_actions=(pattern.upper(),))], action.swapcase())


@given(st.text(max_size=40))
def test_what_is_no_star_means_itself(action: str) -> None:
    plain = action.replace("*", "")
    assert allows([Permission(data_actions=(plain,))], plain)
    assert not allows([Permission(data_actions=(plain,))], f"{plain}x")


@given(st.lists(PATTERNS, max_size=4), st.lists(PATTERNS, max_size=4), ACTIONS)
def test_a_role_takes_away_what_its_not_list_names_and_gives_nothing_by_its_actions(
    data: list[str], not_data: list[str], action: str
) -> None:
    given_alone = allows([Permission(data_actions=tuple(data))], action)
    taken = allows([Permission(data_actions=tuple(not_data))], action)
    assert allows([Permission(("*",), (), tuple(data), tuple(not_data))], action) == (given_alone and not taken)


@given(st.lists(st.lists(PATTERNS, max_size=3), max_size=3), ACTIONS)
def test_roles_add_up_whatever_another_one_takes_away(roles: list[list[str]], action: str) -> None:
    permissions = [Permission(data_actions=tuple(one)) for one in roles]
    assert allows(permissions, action) == any(allows([one], action) for one in permissions)
    nothing = Permission(data_actions=("*",), not_data_actions=("*",))
    assert allows([*permissions, nothing], action) == allows(permissions, action)


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("Owner", False, False),
        ("Contributor", False, False),
        ("Reader", False, False),
        ("Key Vault Contributor", False, False),
        ("Key Vault Reader", False, False),
        ("Key Vault Secrets User", True, False),
        ("Key Vault Secrets Officer", True, True),
        ("Key Vault Administrator", True, True),
    ],
)
def test_the_built_in_roles_do_what_they_are_known_for(role: str, reads: bool, writes: bool) -> None:
    permission = {name: permission for name, permission in ROLES.values()}[role]
    assert (allows([permission], GET), allows([permission], SET)) == (reads, writes)


def test_a_role_holds_where_it_is_given_and_in_what_is_inside() -> None:
    vault, secret = vault_scope(NAMES), secret_scope(NAMES)
    assert vault == a_vault().id
    for scope in ("/", SUBSCRIPTION_PATH, GROUP_PATH, vault, f"{vault.upper()}/", secret):
        assert covers(scope, secret), scope
    for scope in (f"{secret}-2", f"{vault}-2", f"{vault}/secrets/other", f"{GROUP_PATH}2"):
        assert not covers(scope, secret), scope
    assert covers("/providers/Microsoft.Management/managementGroups/all", secret)


def test_the_nearest_role_comes_first() -> None:
    far, near = assignment(OWNER, PRINCIPAL, SUBSCRIPTION_PATH), assignment(SECRETS_USER, PRINCIPAL, a_vault().id)
    elsewhere = assignment(SECRETS_OFFICER, PRINCIPAL, f"{GROUP_PATH}2")
    assert that_hold((far, elsewhere, near), secret_scope(NAMES)) == (near, far)


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (vault_scope(NAMES), "the vault kv-anna-7f3c"),
        (secret_scope(NAMES), "the secret mi-test of kv-anna-7f3c"),
        (GROUP_PATH, "the resource group rg-anna"),
        (SUBSCRIPTION_PATH, "the whole subscription"),
        (f"{GROUP_PATH}/providers/Microsoft.Compute/virtualMachines/vm-anna", "the resource vm-anna"),
        ("/providers/Microsoft.Management/managementGroups/all", "a management group above the subscription"),
        ("/", "a management group above the subscription"),
    ],
)
def test_a_scope_is_told_in_words(scope: str, words: str) -> None:
    assert in_words(scope) == words
