from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.kit.task import Guide, Names

_WHO = '"$(az account show --query user.name --output tsv)"'
_OFFICER = "Key Vault Secrets Officer"


def guide(names: Names) -> Guide:
    return Guide(
        intro=(
            f"Now something worth keeping goes into the vault: a secret named **{names.secret}**. Its value can be "
            "anything you like. Nobody here will look at it."
        ),
        ways={"portal": _portal(names), "az": _az(names), "powershell": _powershell(names)},
    )


def _portal(names: Names) -> str:
    return f"""\
1. Open your vault **{names.vault}**, then **Objects → Secrets**.
2. Choose **Generate/Import**, and leave **Upload options** at *Manual*.
3. As **Name** enter `{names.secret}`, as **Secret value** whatever you like.
4. Leave both dates empty and **Enabled** at *Yes*, then choose **Create**.
5. Does Azure say that you are not authorized? {_let_yourself_in(names)}
"""


def _let_yourself_in(names: Names) -> str:
    if names.by_roles:
        return (
            "Then you have no role there yourself; owning the vault is none. Under\n"
            f"   **Access control (IAM) → Add role assignment** choose the role **{_OFFICER}**, and as member your\n"
            "   own account. It takes a few minutes to count."
        )
    return (
        "Then the vault has no access policy for you yourself. Under\n"
        "   **Access policies → Create** choose the template **Secret Management**, and as principal your own account."
    )


def _az(names: Names) -> str:
    return f"""\
1. Put a random value in. `--output none` keeps it off your screen:

    ```
    az keyvault secret set --vault-name {names.vault} --name {names.secret} --value "$(openssl rand -hex 16)" \
--output none
    ```

2. See that it is there (the list shows no values):

    ```
    az keyvault secret list --vault-name {names.vault} --output table
    ```

3. Only if Azure answers *Forbidden*: {_not_in(names)}, then go back to 1.

{_az_in(names)}"""


def _not_in(names: Names) -> str:
    if names.by_roles:
        return "you have no role there yourself. Take one, wait a few minutes"
    return "the vault has no access policy for you yourself. Add one"


def _az_in(names: Names) -> str:
    if names.by_roles:
        return f"""\
    ```
    {az.assign_role(names, _OFFICER, az.WHOEVER)}
    ```
"""
    return f"""\
    Signed in with your own account:

    ```
    {az.set_policy(names, f"--upn {_WHO}")}
    ```

    Signed in as a service principal, as in the practice cloud:

    ```
    {az.set_policy(names, f"--spn {_WHO}")}
    ```
"""


def _powershell(names: Names) -> str:
    return f"""\
1. Type a value; it is not shown:

    ```powershell
    $value = Read-Host -Prompt 'Value' -AsSecureString
    ```

2. Put it in:

    ```powershell
    Set-AzKeyVaultSecret -VaultName {names.vault} -Name {names.secret} -SecretValue $value
    ```

3. Only if Azure answers *Forbidden*: {_not_in(names)}, then go back to 2.

    ```powershell
{_powershell_in(names)}
    ```
"""


def _powershell_in(names: Names) -> str:
    if names.by_roles:
        return f"""\
    $vault = (Get-AzKeyVault -ResourceGroupName {names.resource_group} -VaultName {names.vault}).ResourceId
    New-AzRoleAssignment -SignInName (Get-AzContext).Account.Id -RoleDefinitionName '{_OFFICER}' -Scope $vault"""
    return f"""\
    Set-AzKeyVaultAccessPolicy -VaultName {names.vault} -UserPrincipalName (Get-AzContext).Account.Id \
-PermissionsToSecrets {",".join(az.SECRET_MANAGEMENT)}"""
