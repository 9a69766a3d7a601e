"""The lab by hand with az 2.91, in both permission models, with what goes wrong on the way.

A line is a command, whether it succeeds, and a text that its output must hold. ``{names}`` are the student's own, as
``names_of`` gives them. ``recorded.json`` holds what az sent for each line (``record.py`` makes it anew).
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.practice_process import Json

SECRET_ARM = "{vault_id}/secrets/lab?api-version=2026-02-01"
MACHINE = (
    '{{"location":"eastus","identity":{{"type":"SystemAssigned"}},"properties":{{"hardwareProfile":'
    '{{"vmSize":"Standard_B2s"}},"storageProfile":{{"imageReference":{{"offer":"WindowsServer"}}}}}}}}'
)


@dataclass(frozen=True, slots=True)
class Line:
    command: str
    says: str
    succeeds: bool = True


def fails(command: str, says: str) -> Line:
    return Line(command, says, succeeds=False)


POLICIES = (
    Line("keyvault create -g {group} -n {vault} --enable-rbac-authorization false", "{caller}"),
    Line(
        "keyvault secret set --vault-name {vault} -n lab --value hello", "https://{vault}.vault.azure.net/secrets/lab"
    ),
    Line("keyvault set-policy -n {vault} -g {group} --object-id {vm_oid} --secret-permissions get", "{vm_oid}"),
    Line("keyvault secret set-attributes --vault-name {vault} -n lab --enabled false", '"enabled": false'),
    fails("keyvault secret show --vault-name {vault} -n lab", "SecretDisabled"),
    Line("keyvault secret set-attributes --vault-name {vault} -n lab --enabled true", '"enabled": true'),
    Line("keyvault update -n {vault} -g {group} --default-action Deny", '"defaultAction": "Deny"'),
    fails("keyvault secret show --vault-name {vault} -n lab", "ForbiddenByFirewall"),
    Line("keyvault network-rule add -n {vault} -g {group} --ip-address 198.51.100.7", "198.51.100.7/32"),
    Line("keyvault network-rule remove -n {vault} -g {group} --ip-address 198.51.100.7", '"ipRules": []'),
    Line("keyvault update -n {vault} -g {group} --public-network-access Disabled", '"publicNetworkAccess": "Disabled"'),
    fails("keyvault secret list --vault-name {vault}", "ForbiddenByConnection"),
    Line("keyvault update -n {vault} -g {group} --public-network-access Enabled --default-action Allow", "Enabled"),
    Line("keyvault delete-policy -n {vault} -g {group} --object-id {vm_oid}", '"accessPolicies"'),
    Line("keyvault secret show --vault-name {vault} -n lab", '"value": "hello"'),
)

ROLES = (
    Line("keyvault create -g {group} -n {vault}", '"enableRbacAuthorization": true'),
    fails("keyvault secret set --vault-name {vault} -n lab --value hello", "ForbiddenByRbac"),
    Line(
        "role assignment create --assignee {app} --role b86a8fe4-44ce-4948-aee5-eccb2c155cd7 --scope {vault_id}",
        "{caller}",
    ),
    Line("keyvault secret set --vault-name {vault} -n lab --value hello", "/secrets/lab/"),
    Line(
        "role assignment create --assignee-object-id {vm_oid} --assignee-principal-type ServicePrincipal"
        " --role 4633458b-17de-408a-b874-0445c86b69e6 --scope {vault_id}",
        "{vm_oid}",
    ),
    Line("role assignment list --assignee {vm_oid} --scope {vault_id} --include-inherited", "Key Vault Secrets User"),
    Line("role assignment list --assignee {vm_oid} --all --include-groups", "Key Vault Secrets User"),
    Line(
        "role assignment delete --assignee {vm_oid} --role 4633458b-17de-408a-b874-0445c86b69e6 --scope {vault_id}", ""
    ),
    Line("role assignment list --assignee {vm_oid} --all", "[]"),
    Line("rest --method get --url " + SECRET_ARM, "secretUriWithVersion"),
)

DELETED = (
    Line("keyvault create -g {group} -n {vault} --enable-rbac-authorization false", "{vault}"),
    Line("keyvault secret set --vault-name {vault} -n lab --value hello", "/secrets/lab/"),
    Line("keyvault secret delete --vault-name {vault} -n lab", "/deletedsecrets/lab"),
    fails("keyvault secret set --vault-name {vault} -n lab --value again", "ObjectIsDeletedButRecoverable"),
    Line("keyvault secret recover --vault-name {vault} -n lab", "/secrets/lab/"),
    Line("keyvault secret delete --vault-name {vault} -n lab", "/deletedsecrets/lab"),
    Line("keyvault secret purge --vault-name {vault} -n lab", ""),
    Line("keyvault delete -g {group} -n {vault}", ""),
    Line("keyvault list-deleted", "{vault}"),
    fails("keyvault create -g {group} -n {vault}", "ConflictError"),
    Line("keyvault recover -n {vault} -l eastus", '"provisioningState": "Succeeded"'),
    Line("keyvault delete -g {group} -n {vault}", ""),
    Line("keyvault purge -n {vault} -l eastus", ""),
    Line("keyvault check-name -n {vault}", '"nameAvailable": true'),
)

MACHINES = (
    Line("vm deallocate -g {group} -n {vm}", ""),
    fails(
        "vm run-command invoke -g {group} -n {vm} --command-id RunPowerShellScript --scripts hostname",
        "OperationNotAllowed",
    ),
    Line("vm start -g {group} -n {vm}", ""),
    Line(
        "vm run-command invoke -g {group} -n {vm} --command-id RunPowerShellScript --scripts 'Write-Output hi'", '"hi'
    ),
    Line("provider register -n Microsoft.ManagedIdentity", ""),
    Line("identity create -g {group} -n id-lab -l eastus", "/userAssignedIdentities/id-lab"),
    Line("vm identity assign -g {group} -n {vm} --identities {identity_id}", "{vm_oid}"),
    Line("vm identity remove -g {group} -n {vm}", '"type": "UserAssigned"'),
    Line("vm identity assign -g {group} -n {vm}", "systemAssignedIdentity"),
    Line("vm identity remove -g {group} -n {vm} --identities {identity_id}", '"type": "SystemAssigned"'),
    fails("vm identity assign -g {group} -n {vm} --identities id-unknown", "FailedIdentityOperation"),
    Line("identity delete -g {group} -n id-lab", ""),
    Line("vm delete -g {group} -n {vm} --yes", ""),
    fails("vm show -g {group} -n {vm}", "ResourceNotFound"),
    Line("rest --method put --url {vm_id}?api-version=2024-11-01 --body '" + MACHINE + "'", '"principalId"'),
    Line(
        "vm create -g {group} -n vm-two --image Win2022Datacenter --size Standard_B2s --admin-username azureuser"
        " --admin-password 'Practice-only-16' --assign-identity '[system]'",
        '"powerState": "VM running"',
    ),
    Line("vm list -d -g {group}", "vm-two"),
)

OTHER_WAYS = (
    Line("keyvault create -g {group} -n {vault} --enable-rbac-authorization false", "{caller}"),
    Line("keyvault key create --vault-name {vault} -n lab --kty EC", '"kty": "EC"'),
    fails("keyvault secret show --vault-name {vault} -n lab", "SecretNotFound"),
    Line("keyvault key list --vault-name {vault}", "/keys/lab"),
    Line("keyvault key delete --vault-name {vault} -n lab", "/deletedkeys/lab"),
    fails("keyvault network-rule add -n {vault} -g {group} --ip-address 10.0.0.4", "private IP addresses"),
    Line("group create -n rg-there -l eastus", "rg-there"),
    Line("resource move --destination-group rg-there --ids {vault_id}", ""),
    Line("keyvault show -n {vault} -g rg-there", "/resourceGroups/rg-there/"),
    Line(
        "policy assignment create --name school --policy 6c112d4e-5bc7-47ae-a041-ea2d9dccd749 --params "
        '\'{{"listOfResourceTypesNotAllowed":{{"value":["Microsoft.KeyVault/vaults"]}}}}\'',
        '"name": "school"',
    ),
    fails("keyvault create -g {group} -n {vault}-b", "RequestDisallowedByPolicy"),
    Line("policy assignment delete --name school", ""),
    Line("vm run-command show -l eastus --command-id RunPowerShellScript", "Executes a PowerShell script"),
    fails(
        "vm run-command invoke -g {group} -n {vm} --command-id RunShellScript --scripts hostname", "not supported on"
    ),
)

MADE = (
    Line("group create -n rg-made -l eastus --tags lab=16", '"lab": "16"'),
    Line("group exists -n rg-made", "true"),
    Line("vm list-skus -l eastus --resource-type virtualMachines --size Standard_B2s", "Standard_B2s"),
    Line("vm list-usage -l eastus", "Total Regional vCPUs"),
    Line(
        "network nsg create -g rg-made -n nsg --tags lab=16",
        "DenyAllInBound",
    ),
    Line(
        "network vnet create -g rg-made -n net --address-prefixes 10.0.0.0/16 --subnet-name machines"
        " --subnet-prefixes 10.0.0.0/24 --nsg nsg --tags lab=16",
        '"addressPrefix": "10.0.0.0/24"',
    ),
    Line("network public-ip create -g rg-made -n ip --sku Standard --tags lab=16", '"ipAddress"'),
    Line(
        "network nic create -g rg-made -n nic --vnet-name net --subnet machines --public-ip-address ip --tags lab=16",
        '"privateIPAddress": "10.0.0.4"',
    ),
    fails("network public-ip delete -g rg-made -n ip", "PublicIPAddressCannotBeDeleted"),
    fails(
        "vm create -g rg-made -n vm-made --nics nic --image Win2022Datacenter --size Standard_D96s_v5"
        " --admin-username labowner --admin-password 'Practice-only-16'",
        "QuotaExceeded",
    ),
    Line(
        "vm create -g rg-made -n vm-made --nics nic --image Win2022Datacenter --size Standard_B2s"
        " --admin-username labowner --admin-password 'Practice-only-16' --assign-identity '[system]' --tags lab=16"
        " --os-disk-name disk --os-disk-delete-option Delete --nic-delete-option Delete",
        '"powerState": "VM running"',
    ),
    Line(
        "vm run-command invoke -g rg-made -n vm-made --command-id RunPowerShellScript --scripts 'Write-Output hi'", "hi"
    ),
    Line("vm auto-shutdown -g rg-made -n vm-made --time 1900", "We are registering for you"),
    Line("vm auto-shutdown -g rg-made -n vm-made --time 2000", '"time": "2000"'),
    fails("network nic delete -g rg-made -n nic", "NicInUse"),
    fails("disk delete -g rg-made -n disk --yes", "is attached to VM"),
    fails("network vnet delete -g rg-made -n net", "InUseSubnetCannotBeDeleted"),
    Line("resource list --tag lab=16", "/networkInterfaces/nic"),
    Line("vm delete -g rg-made -n vm-made --yes", ""),
    fails("network nic show -g rg-made -n nic", "ResourceNotFound"),
    fails("disk show -g rg-made -n disk", "ResourceNotFound"),
    Line("vm auto-shutdown -g rg-made -n vm-made --off", ""),
    Line("network vnet delete -g rg-made -n net", ""),
    Line("network nsg delete -g rg-made -n nsg", ""),
    Line("network public-ip delete -g rg-made -n ip", ""),
    Line("group delete -n rg-made --yes", ""),
    Line("group exists -n rg-made", "false"),
)

SCRIPTS: dict[str, tuple[Line, ...]] = {
    "policies": POLICIES,
    "roles": ROLES,
    "deleted": DELETED,
    "machines": MACHINES,
    "other ways": OTHER_WAYS,
    "made": MADE,
}


def names_of(student: Json, caller: str) -> dict[str, str]:
    """What stands for the braces. ``caller`` is the object id of the student's app."""
    sid, group = str(student["subscription_id"]), str(student["resource_group"])
    vault, place = f"kv-az-{sid[:8]}", f"/subscriptions/{sid}/resourceGroups/{group}/providers"
    return {
        "sid": sid,
        "group": group,
        "vault": vault,
        "vault_id": f"{place}/Microsoft.KeyVault/vaults/{vault}",
        "vm": str(student["vm"]),
        "vm_id": f"{place}/Microsoft.Compute/virtualMachines/{student['vm']}",
        "vm_oid": str(student["vm_principal_id"]),
        "identity_id": f"{place}/Microsoft.ManagedIdentity/userAssignedIdentities/id-lab",
        "tenant": str(student["tenant_id"]),
        "app": str(student["client_id"]),
        "caller": caller,
    }
