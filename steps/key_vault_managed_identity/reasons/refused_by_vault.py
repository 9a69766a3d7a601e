"""The reasons that findings of Task 4 give where the vault did not give the VM its secret."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.reasons import way_to_vault
from steps.key_vault_managed_identity.reasons.words import NOT_AT_ONCE, NOT_YOURS
from steps.kit.reasons import Reason

_TWO_MODELS = "A vault goes by one of the two, access policies or roles, and does not look at the other."

_TOKEN: dict[str, Reason] = {
    "vault_refuses_audience": Reason(
        "401 AKV10022: the token is meant for another service.",
        why="A token opens the one service it is made out for, and Key Vault is one of its own.",
        hints=(
            lambda names: "The portal's script asked for the right one. Azure contradicts itself for a moment.",
            lambda names: (
                f"If it stays, run the guide's three commands on {names.vm}, and see whether they meet the same."
            ),
        ),
        idea="token-audience",
    ),
    "vault_refuses_issuer": Reason(
        "401 AKV10032: the vault trusts another tenant than the token's.",
        why="A vault belongs to one tenant from the day it is made, and takes no token of another.",
        hints=(
            lambda names: f"In which directory was {names.vault} made?",
            lambda names: f"{names.vault}, Overview shows its Directory ID; yours is {names.tenant_id}.",
            lambda names: "Delete and purge it, and do Task 1 again in your own subscription.",
        ),
        idea="managed-identity",
    ),
    "vault_refuses_token": Reason(
        "401: the vault does not accept the token, for another reason.",
        why="Before it looks at rights, a vault looks whether the token is real and in date.",
        hints=(
            lambda names: "The words of the vault stand in what was found.",
            lambda names: f"Is the clock of {names.vm} right? A token is good for a set time only.",
        ),
        idea="managed-identity",
    ),
}

_RIGHTS: dict[str, Reason] = {
    "vault_denies_vm": Reason(
        "403: no policy lets the VM get secrets.",
        why="The vault knows who asks, and nobody has told it to let this one in. That it is your machine and your "
        "vault does not matter to it.",
        hints=(
            lambda names: "Who is on the vault's list of those who may get secrets?",
            lambda names: f"Look at {names.vault}, Access policies: is there an entry for {names.vm}, with Get?",
            lambda names: f"Access policies, Create, template Secret Management, and as the principal {names.vm}.",
        ),
        idea="access-policy-and-rbac",
        remedies=("add-policy-for-vm",),
    ),
    "group_not_in_token_yet": Reason(
        "403: a policy is for a group that the VM is in, and its token does not name that group yet.",
        why="The vault asks the token, not the directory. Groups are written into it when it is made, and Azure gives "
        "a machine the same token for hours.",
        hints=(
            lambda names: f"When did {names.vm} come into the group, and when was its token made?",
            lambda names: "Nobody can have a machine's token made anew: it runs out by itself, within a day.",
            lambda names: f"A policy for {names.vm} itself needs no new token: what it names is always in there.",
        ),
        idea="managed-identity",
        remedies=("add-policy-for-vm",),
    ),
    "vault_wants_role": Reason(
        "403: the vault goes by roles and the VM has none.",
        why="The vault knows who asks, and no role lets this one read secrets. Roles that manage a vault, such as "
        "Contributor, do not open what is inside.",
        hints=(
            lambda names: f"Which roles has {names.vm} on {names.vault}?",
            lambda names: f"{names.vault}, Access control (IAM), Check access tells, if you choose {names.vm} there.",
            lambda names: f"Give {names.vm} the role Key Vault Secrets User on {names.vault}.",
        ),
        idea="access-policy-and-rbac",
        remedies=("assign-role",),
    ),
    "vault_denies_by_deny_assignment": Reason(
        "403: a deny assignment forbids it, whatever role there is.",
        why="Azure looks for what forbids before it looks for what allows. A deny assignment is not made by hand: "
        "something that Azure manages for somebody brings it along.",
        hints=(
            lambda names: "The role may be quite right. What else does Azure look at?",
            lambda names: f"{names.vault}, Access control (IAM), Deny assignments: what is its name, and who is in it?",
            lambda names: "A deployment stack sets one for what it guards: its deny settings say so.",
        ),
        idea="access-policy-and-rbac",
    ),
    "policy_not_in_effect_yet": Reason(
        "403 although the policy is there: it does not count yet.",
        why=f"{NOT_AT_ONCE} {NOT_YOURS}",
        hints=(
            lambda names: "When was the policy saved? If it was a moment ago, wait for another.",
            lambda names: "After ten minutes it is no delay any more: open the policy, and see that Get is ticked.",
        ),
        idea="access-policy-and-rbac",
    ),
    "role_not_in_effect_yet": Reason(
        "403 although the role is there: it does not count yet.",
        why=f"{NOT_AT_ONCE} For a role Azure gives itself up to ten minutes. {NOT_YOURS}",
        hints=(
            lambda names: "When was the role given? Have a cup of tea.",
            lambda names: "After ten minutes it is no delay any more: look for a deny assignment under Check access.",
        ),
        idea="access-policy-and-rbac",
    ),
    "model_switch_not_in_effect_yet": Reason(
        "403 by the permission model that the vault had before.",
        why=f"{_TWO_MODELS} {NOT_AT_ONCE} {NOT_YOURS}",
        hints=(
            lambda names: "The vault was switched a moment ago. Wait for another.",
            lambda names: f"{names.vault}, Settings, Access configuration shows what it goes by.",
        ),
        idea="access-policy-and-rbac",
    ),
}

_SECRET: dict[str, Reason] = {
    "vault_forbids": Reason(
        "403 for a reason nobody foresaw.",
        why=f"A vault says no in the same words for many reasons; what it adds tells them apart. {NOT_YOURS}",
        hints=(
            lambda names: "The words of the vault stand in what was found.",
            lambda names: f"Run the guide's three commands on {names.vm}: do they meet the same?",
            lambda names: f"If Task 2 and Task 3 pass, look at {names.vault}, Settings, Networking.",
        ),
        idea="control-and-data-plane",
    ),
    "vm_met_disabled_secret": Reason(
        "403: the secret is disabled.",
        why="A disabled secret is kept, and given to nobody: a way to stop its use without losing it.",
        hints=(
            lambda names: "The vault let the machine in. What about the secret itself?",
            lambda names: f"Open {names.secret} and its current version: is Enabled set to Yes?",
            lambda names: f"`{az.enable_secret(names)}`. Or let the portal do it.",
        ),
        idea="control-and-data-plane",
        remedies=("enable-secret",),
    ),
    "vm_met_secret_outside_dates": Reason(
        "403, and the secret is expired or not active yet.",
        why="A secret may carry the day it begins and the day it ends, so that an old one is not used for ever.",
        hints=(
            lambda names: "From when to when is the secret good?",
            lambda names: f"Open {names.secret} and its current version, and look at both dates.",
            lambda names: f"A new version has no dates: `{az.new_version(names)}`.",
        ),
        idea="control-and-data-plane",
        remedies=("new-version",),
    ),
    "secret_enabled_meanwhile": Reason(
        "403 for a disabled secret, which is enabled now.",
        why=NOT_YOURS,
        hints=(
            lambda names: "It was enabled just now. The next look tells.",
            lambda names: f"{names.secret} and its current version show whether Enabled is set to Yes.",
        ),
        idea="control-and-data-plane",
    ),
    "vm_found_no_secret": Reason(
        "404: the vault has no such secret.",
        why="The machine asks for the secret by its name, and there is none of that name.",
        hints=(
            lambda names: f"Which secrets has {names.vault}?",
            lambda names: f"Look at {names.vault}, Objects, Secrets, and there at Manage deleted secrets.",
            lambda names: f"Create {names.secret}, or recover it: `{az.recover_secret(names)}`.",
        ),
        idea="soft-delete",
        remedies=("recover-secret",),
    ),
    "secret_not_seen_by_vm_yet": Reason(
        "404 although Azure shows the secret.",
        why=f"{NOT_AT_ONCE} {NOT_YOURS}",
        hints=(
            lambda names: "The secret was made or recovered a moment ago. Wait for another.",
            lambda names: f"{names.vault}, Objects, Secrets asks the vault itself.",
        ),
        idea="soft-delete",
    ),
    "vault_busy": Reason(
        "429 or 5xx from the vault.",
        why=f"A vault takes some thousand requests in ten seconds, from all who use it. {NOT_YOURS}",
        hints=(
            lambda names: "Wait for a moment.",
            lambda names: f"Does something else use {names.vault}, over and over again?",
        ),
        idea="control-and-data-plane",
    ),
    "vault_answer_unknown": Reason(
        "The vault answered with a status nobody foresaw.",
        why=f"The portal does not know what that means, so it does not judge by it. {NOT_YOURS}",
        hints=(
            lambda names: "The words of the vault stand in what was found.",
            lambda names: f"Run the guide's three commands on {names.vm}, and see what they print.",
        ),
        idea="control-and-data-plane",
    ),
}

REASONS: dict[str, Reason] = {**_TOKEN, **_RIGHTS, **way_to_vault.REASONS, **_SECRET}
