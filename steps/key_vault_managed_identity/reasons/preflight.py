"""The reasons that findings of the preflight give."""

from __future__ import annotations

from steps.kit.reasons import Reason

_ROLES = "control-and-data-plane"

REASONS: dict[str, Reason] = {
    # the connection and its subscription
    "credential_accepted": Reason("Azure accepts the connection's credential."),
    "subscription_enabled": Reason("The subscription is visible and enabled."),
    "subscription_past_due": Reason("The subscription works, and a payment for it is outstanding.", remark=True),
    "subscription_not_visible": Reason(
        "The connection does not see the subscription.",
        why="Everything in this lab is inside the subscription: what the portal cannot see, it cannot judge or do.",
        hints=(
            lambda names: "Two things can be behind this: the id is wrong, or the identity has no role there.",
            lambda names: f"Compare {names.subscription_id} with the id on the subscription's Overview page.",
            lambda names: (
                f"If the ids agree, open {names.resource_group}, Access control (IAM), Add role assignment, "
                "and give your app registration the role Contributor."
            ),
        ),
        idea=_ROLES,
    ),
    "subscription_in_other_directory": Reason(
        "The subscription belongs to another directory than the connection signs in to.",
        why="A token from one directory counts for nothing in a subscription that trusts another.",
        hints=(
            lambda names: "A subscription trusts exactly one directory. Which one is yours?",
            lambda names: (
                f"Your connection signs in to {names.tenant_id}. See the subscription's Overview page for its "
                "parent directory."
            ),
            lambda names: "Make an app registration in the subscription's directory, and connect with that tenant id.",
        ),
        idea="token-audience",
    ),
    "subscription_warned": Reason(
        "Azure has warned about the subscription and lets nothing be made in it.",
        why="Until the cause is settled Azure takes no order to make or change anything, neither yours nor the "
        "portal's.",
        hints=(
            lambda names: "The subscription itself says what Azure warns about.",
            lambda names: "Open Subscriptions in the Azure portal, choose yours, and read the notice at the top.",
        ),
    ),
    "subscription_not_enabled": Reason(
        "The subscription is disabled, expired or deleted.",
        why="In such a subscription things can be looked at, but not made: the vault of Task 1 would be refused.",
        hints=(
            lambda names: "A subscription is disabled by a spending limit, an expired credit, a bill, or by hand.",
            lambda names: "Open Subscriptions in the Azure portal, choose yours, and read the notice at the top.",
        ),
    ),
    "needs_role_on_subscription": Reason(
        "Only a role on the whole subscription would let the portal ask, and the connection has one on the group.",
        why="A role on a resource group is enough for the lab. Only a few things, such as which names are taken, are "
        "kept further up.",
        hints=(
            lambda names: "This is about what the portal may ask, not about anything you have made.",
            lambda names: "To have it looked at, open the subscription, Access control (IAM), and add the role Reader.",
        ),
        idea=_ROLES,
    ),
    # rights
    "rights_sufficient": Reason("The connection's identity may do all that the lab and its repairs need."),
    "rights_sufficient_for_lab": Reason(
        "It may do what the lab needs, and not all that repairs and cleaning up need.", remark=True
    ),
    "rights_missing": Reason(
        "The connection's identity may not do what the lab needs.",
        why="The portal looks and works as this identity. Without the right, a task that you have done well could not "
        "even be seen.",
        hints=(
            lambda names: "In Azure an identity may do nothing until a role lets it. Which role does yours have?",
            lambda names: (
                f"Open {names.resource_group}, Access control (IAM), Role assignments, and look for the app "
                "registration of your connection."
            ),
            lambda names: (
                f"Add a role assignment on {names.resource_group}, for that app: the role Contributor"
                f"{'; to give roles, User Access Administrator as well' if names.by_roles else ''}."
            ),
        ),
        idea=_ROLES,
    ),
    # locks
    "no_lock_in_the_way": Reason("No lock forbids what the lab changes."),
    "locks_not_looked_at": Reason("Locks cannot be asked for, so none is known."),
    "lock_keeps_vault": Reason(
        "A lock keeps the vault from being deleted: the tasks can be done, and cleaning up cannot.",
        why="A lock guards against slips: it binds everybody, owners too, until it is taken away.",
        hints=(
            lambda names: "Somebody wanted what is there to stay. Is it the right place for the lab?",
            lambda names: f"{names.resource_group}, Settings, Locks shows the lock, and its note.",
        ),
        idea=_ROLES,
        remark=True,
    ),
    "lock_forbids_changes": Reason(
        "A read-only lock forbids what the lab has to make or change.",
        why="A lock comes before every role: under a read-only one even an owner can only look.",
        hints=(
            lambda names: "Somebody has frozen what is there. The lock's note may say why, and until when.",
            lambda names: f"{names.resource_group}, Settings, Locks shows it, and whether it comes from further up.",
            lambda names: (
                "Deleting it takes the role Owner or User Access Administrator. Otherwise work in a resource group "
                f"without one, instead of {names.resource_group}."
            ),
        ),
        idea=_ROLES,
    ),
    # resource providers
    "provider_registered": Reason("A resource provider is registered."),
    "provider_at_work": Reason("A resource of the provider is there, so it is registered, although none may ask."),
    "provider_registering": Reason(
        "A resource provider is being registered.",
        why="Until it is registered, Azure refuses whatever belongs to this service.",
        hints=(
            lambda names: "Azure does this in all its regions, which takes a minute or two.",
            lambda names: "Subscriptions, yours, Resource providers shows how far it is.",
        ),
        idea="resource-providers",
    ),
    "provider_not_registered": Reason(
        "A resource provider is not registered.",
        why="A subscription offers only the services whose provider is registered in it; the others answer with 409.",
        hints=(
            lambda names: "Azure's services come to a subscription by registration, once for each.",
            lambda names: "Look under Subscriptions, yours, Settings, Resource providers.",
            lambda names: "Select the provider there and choose Register; or let the portal do it.",
        ),
        idea="resource-providers",
        remedies=("register-providers",),
    ),
    # the group
    "group_there": Reason("The resource group is there."),
    "group_missing": Reason(
        "The resource group is not there.",
        why="The VM and the vault are to be in it, and the roles of your connection hold there.",
        hints=(
            lambda names: "Has the group another name, or is it in another subscription?",
            lambda names: f"Resource groups in the Azure portal lists them: look for {names.resource_group}.",
            lambda names: f"Create it: `az group create --name {names.resource_group} --location {names.location}`.",
        ),
        idea=_ROLES,
    ),
    "group_being_deleted": Reason(
        "The resource group is being deleted.",
        why="A resource group takes everything in it along: the VM, the vault, and the roles given there.",
        hints=(
            lambda names: "Somebody has deleted the group, and Azure is still at it.",
            lambda names: f"Once {names.resource_group} is gone from Resource groups, create it again.",
        ),
        idea=_ROLES,
    ),
    # the VM
    "vm_up": Reason("The VM runs Windows, is on, and its agent is ready."),
    "vm_being_deleted": Reason(
        "The VM is being deleted.",
        why="A machine takes its identity along, and whatever that identity was given is of use to nobody then.",
        hints=(
            lambda names: "Somebody has deleted the machine, and Azure is still at it.",
            lambda names: f"Once {names.vm} is gone from {names.resource_group}, make it again, or choose another.",
        ),
        idea="managed-identity",
    ),
    "vm_setup_failed": Reason(
        "Azure's last operation on the VM failed, and it does not run.",
        why="Only a machine that runs can ask for a token and read the secret.",
        hints=(
            lambda names: "Azure could not do what it was asked to: often it had no room for a machine of that size.",
            lambda names: f"{names.vm}, Activity log in the Azure portal tells what failed.",
            lambda names: "Starting it once more may do. Otherwise delete it, and make it again in another size.",
        ),
        idea="managed-identity",
        remedies=("start-vm",),
    ),
    "vm_not_windows": Reason(
        "The VM runs another system than Windows.",
        why="What Task 4 runs on the machine is Windows PowerShell, as in the lab this one follows.",
        hints=(
            lambda names: f"Open {names.vm}, Overview: Operating system says what it runs.",
            lambda names: f"Make a Windows VM in {names.resource_group}, and set its name under Your names.",
        ),
        idea="managed-identity",
    ),
    "vm_under_other_name": Reason(
        "The group has virtual machines, but none of the wanted name.",
        why="The tasks are about one machine: its identity gets the access, and it reads the secret.",
        hints=(
            lambda names: "Which machine did you mean to work with?",
            lambda names: f"Open {names.resource_group}: the machines in it are the ones to choose from.",
            lambda names: "Choose one of them with its button here, or set the name under Your names.",
        ),
        idea="managed-identity",
    ),
    "vm_in_other_group": Reason(
        "A VM of the wanted name is in another group of the subscription.",
        why="The roles of your connection hold in the group of the lab; in another one the portal may not be allowed "
        "to run anything.",
        hints=(
            lambda names: "In which resource group is the machine, and in which one is the lab?",
            lambda names: (
                f"The lab works in {names.resource_group}. Make a machine there, or connect with the other group."
            ),
        ),
        idea="managed-identity",
    ),
    "vm_identity_on": Reason("The VM's system-assigned identity is on."),
    # the vault's name
    "vault_name_yours": Reason("The vault name belongs to a vault in the student's group."),
    "vault_name_free": Reason("The vault name is free."),
    # Azure Policy
    "policy_allows_vault": Reason("No Azure Policy refuses the vault."),
    "policy_not_looked_at": Reason("Azure Policy cannot be asked, so none is known."),
    "policy_denies_no_matter": Reason("Azure Policy would refuse such a vault, which is there already.", remark=True),
    "policy_wants_roles": Reason(
        "Azure Policy refuses vaults with access policies, and allows them with roles.",
        why="Many organisations want every vault to go by roles. Azure Policy sees to it before anything is made.",
        hints=(
            lambda names: "There are two ways in which a vault decides who may read. Which one is allowed here?",
            lambda names: f"Choose roles for this lab, and make {names.vault} with Azure role-based access control.",
        ),
        idea="access-policy-and-rbac",
    ),
    "policy_denies_vault": Reason(
        "Azure Policy would refuse the vault.",
        why="Azure Policy decides before anything is made, and it binds owners too: Task 1 would end in "
        "RequestDisallowedByPolicy.",
        hints=(
            lambda names: "Somebody has set rules for this subscription. Which of them does the vault break?",
            lambda names: f"Open Policy, Assignments in the Azure portal, with {names.resource_group} as the scope.",
            lambda names: "An exemption for the resource group lifts the rule there; so does another subscription.",
        ),
    ),
}
