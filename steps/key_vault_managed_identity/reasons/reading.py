"""The reasons that findings of Task 4 give about what the VM read, and by which access."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.kit.reasons import Reason

WHOSE = "A token stands for one identity. Access given to any other helps nobody who shows this one."

REASONS: dict[str, Reason] = {
    "secret_read_by_vm": Reason("The vault gave the VM the current version."),
    "proof_not_made": Reason(
        "The vault answered, but the VM made no digest.",
        why="The digest proves that the machine had the value, without the value leaving it.",
        hints=(
            lambda names: f"Is the value of {names.secret} empty?",
            lambda names: f"Make a new version with a value: `{az.new_version(names)}`.",
        ),
        idea="control-and-data-plane",
        remedies=("new-version",),
    ),
    "other_secret_answered": Reason(
        "The vault's answer names another secret.",
        why="The identifier in the answer says which secret it was, whatever was asked for.",
        hints=(
            lambda names: f"Something between {names.vm} and {names.vault} answers for it, a proxy perhaps.",
            lambda names: f"On {names.vm}, `Resolve-DnsName {names.vault}.vault.azure.net` shows where it asks.",
        ),
        idea="control-and-data-plane",
    ),
    "version_replaced_meanwhile": Reason(
        "The VM read another version than the current one.",
        why="Each time a secret is set it gets a new version, and without a version in the address the current one is "
        "given.",
        hints=(
            lambda names: f"Has somebody set {names.secret} again just now?",
            lambda names: (
                f"{names.vault}, Objects, Secrets, {names.secret} shows all versions and when they were made."
            ),
        ),
        idea="control-and-data-plane",
    ),
    "policy_matches_token": Reason("Policy and token name the same object id."),
    "policy_of_group_matches": Reason("The policy is for a group that the token's identity is in."),
    "role_matches_token": Reason("The token's identity has a role that lets it read the secret."),
    "no_policy_for_token_identity": Reason(
        "No policy lets the token's identity get secrets.",
        why=WHOSE,
        hints=(
            lambda names: "Two object ids have to be the same: the one in the token and the one in the policy.",
            lambda names: f"Compare {names.vault}, Access policies with {names.vm}, Security, Identity.",
            lambda names: f"Add a policy of the template Secret Management, and choose {names.vm} as the principal.",
        ),
        idea="access-policy-and-rbac",
        remedies=("add-policy-for-vm",),
    ),
    "no_role_for_token_identity": Reason(
        "No role lets the token's identity read the secret.",
        why=WHOSE,
        hints=(
            lambda names: "Two object ids have to be the same: the one in the token and the one that has the role.",
            lambda names: f"{names.vault}, Access control (IAM), Role assignments shows who has which role there.",
            lambda names: f"Give {names.vm} the role Key Vault Secrets User on {names.vault}.",
        ),
        idea="access-policy-and-rbac",
        remedies=("assign-role",),
    ),
    "read_without_own_policy": Reason(
        "The VM reads the secret, though no policy is for its own identity.",
        why="A vault asks who somebody is, and in which groups. Access by a group is real, but the vault alone does "
        "not show whom it is for.",
        hints=(
            lambda names: f"{names.vm} reads: somebody must have let it in. Which entries has {names.vault}?",
            lambda names: "In Microsoft Entra ID, Groups shows the members of each, managed identities among them.",
            lambda names: f"Access policies, Create, template Secret Management, and as the principal {names.vm}.",
        ),
        idea="access-policy-and-rbac",
        remedies=("add-policy-for-vm",),
    ),
    "read_without_own_role": Reason(
        "The VM reads the secret, though the portal sees no role that lets it.",
        why="A right that was taken back counts for some minutes more, until all of Azure has heard of it.",
        hints=(
            lambda names: "Was a role taken away a moment ago? Then look again in ten minutes.",
            lambda names: f"{names.vault}, Access control (IAM), Check access tells, if you choose {names.vm} there.",
            lambda names: f"Give {names.vm} the role Key Vault Secrets User on {names.vault}.",
        ),
        idea="access-policy-and-rbac",
        remedies=("assign-role",),
    ),
}
