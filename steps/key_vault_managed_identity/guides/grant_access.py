from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.kit.task import Guide, Names


def guide(names: Names) -> Guide:
    if names.by_roles:
        return _by_roles(names)
    return Guide(
        intro=(
            f"So far the vault does not know **{names.vm}**. An *access policy* lets the machine's identity in, with "
            "the rights of the template *Secret Management*: no password changes hands."
        ),
        ways={"portal": _portal(names), "az": _az(names), "powershell": _powershell(names)},
    )


def _portal(names: Names) -> str:
    return f"""\
1. Open your vault **{names.vault}**, then **Access policies**, and choose **Create**.
   (Is it greyed out? Then the vault is not in *Vault access policy* mode: see **Settings → Access configuration**.)
2. On **Permissions**, under *Configure from a template*, choose **Secret Management**, then **Next**.
3. On **Principal**, search for `{names.vm}`, select the entry with that name, then **Next**.
   Is there more than one? Take the one whose object id stands under **{names.vm} → Security → Identity**.
4. Skip **Application**, and on **Review + create** choose **Create**.
"""


def _az(names: Names) -> str:
    return f"""\
1. Look up the object id of the machine's identity:

    ```
    principal=$(az vm show --resource-group {names.resource_group} --name {names.vm} \
--query identity.principalId --output tsv)
    ```

2. Add the policy:

    ```
    {az.set_policy(names, '--object-id "$principal"')}
    ```
"""


def _powershell(names: Names) -> str:
    return f"""\
1. Look up the object id of the machine's identity:

    ```powershell
    $principal = (Get-AzVM -ResourceGroupName {names.resource_group} -Name {names.vm}).Identity.PrincipalId
    ```

2. Add the policy:

    ```powershell
    Set-AzKeyVaultAccessPolicy -VaultName {names.vault} -ObjectId $principal -BypassObjectIdValidation \
-PermissionsToSecrets {",".join(az.SECRET_MANAGEMENT)}
    ```
"""


_ROLE = "Key Vault Secrets User"


def _by_roles(names: Names) -> Guide:
    return Guide(
        intro=(
            f"So far the vault does not know **{names.vm}**. Your vault goes by roles: a *role assignment* lets the "
            f"machine's identity in, with the role **{_ROLE}**, which reads secrets and does no more. No password "
            "changes hands."
        ),
        ways={"portal": _role_portal(names), "az": _role_az(names), "powershell": _role_powershell(names)},
    )


def _role_portal(names: Names) -> str:
    return f"""\
1. Open your vault **{names.vault}**, then **Access control (IAM)**, and choose **Add → Add role assignment**.
   (Is it greyed out? Then your account may not give roles here: that takes *Owner* or *User Access Administrator*.)
2. On **Role**, search for `{_ROLE}`, select it, then **Next**.
3. On **Members**, choose **Managed identity**, then **Select members**: the type *Virtual machine*, and `{names.vm}`.
4. Choose **Review + assign**. Azure may take up to ten minutes until the role counts.
"""


def _role_az(names: Names) -> str:
    return f"""\
1. Look up the object id of the machine's identity:

    ```
    principal=$(az vm show --resource-group {names.resource_group} --name {names.vm} \
--query identity.principalId --output tsv)
    ```

2. Give it the role on the vault. Azure may take up to ten minutes until it counts:

    ```
    {az.assign_role(names, _ROLE, az.machine('"$principal"'))}
    ```
"""


def _role_powershell(names: Names) -> str:
    return f"""\
1. Look up the object id of the machine's identity, and the id of the vault:

    ```powershell
    $principal = (Get-AzVM -ResourceGroupName {names.resource_group} -Name {names.vm}).Identity.PrincipalId
    $vault = (Get-AzKeyVault -ResourceGroupName {names.resource_group} -VaultName {names.vault}).ResourceId
    ```

2. Give it the role on the vault. Azure may take up to ten minutes until it counts:

    ```powershell
    New-AzRoleAssignment -ObjectId $principal -RoleDefinitionName '{_ROLE}' -Scope $vault
    ```
"""
