from __future__ import annotations

from steps.kit.task import Guide, Names


def guide(names: Names) -> Guide:
    return Guide(
        intro=(
            f"A key vault keeps secrets so that your programs need not. Make one named **{names.vault}**.\n\n"
            "**Mind the permission model.** Azure now offers *role-based access control* first, but this lab "
            "works with *Vault access policy*. Choose that one, or the third task will have no effect."
        ),
        ways={"portal": _portal(names), "az": _az(names), "powershell": _powershell(names)},
    )


def _portal(names: Names) -> str:
    return f"""\
1. In the [Azure portal](https://portal.azure.com) search for **Key vaults** and choose **Create**.
2. On the first page, **Basics**, take your subscription and the resource group **{names.resource_group}**.
3. As **Key vault name** enter `{names.vault}`, and as **Region** choose **{names.location}**. Leave the rest.
4. Go on to **Access configuration** and set **Permission model** to **Vault access policy**.
5. Choose **Review + create**, then **Create**. It takes up to half a minute.
"""


def _az(names: Names) -> str:
    return f"""\
1. Create the vault; the last option is what asks for access policies. Give the command half a minute:

    ```
    az keyvault create --name {names.vault} --resource-group {names.resource_group} --location {names.location} \
--enable-rbac-authorization false
    ```

2. See what became of it. The first line should be `false`:

    ```
    az keyvault show --name {names.vault} --resource-group {names.resource_group} \
--query "[properties.enableRbacAuthorization, properties.vaultUri]" --output tsv
    ```
"""


def _powershell(names: Names) -> str:
    return f"""\
1. Create the vault; the last switch is what asks for access policies:

    ```powershell
    New-AzKeyVault -Name {names.vault} -ResourceGroupName {names.resource_group} -Location {names.location} \
-DisableRbacAuthorization
    ```

2. See what became of it; `EnableRbacAuthorization` should be `False`:

    ```powershell
    Get-AzKeyVault -VaultName {names.vault} | Select-Object VaultName, VaultUri, EnableRbacAuthorization
    ```
"""
