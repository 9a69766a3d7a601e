from __future__ import annotations

from steps.kit.task import Guide, Names


def guide(names: Names) -> Guide:
    return Guide(
        intro=(
            f"What the lab made costs little, but what nobody needs any more should go: **{names.vault}**, with "
            f"the secret and {'the roles given at it' if names.by_roles else 'the access policies in it'}. "
            "Mind *soft-delete*: Azure keeps a deleted vault, and its name, "
            f"until it is purged.\n\nThe virtual machine **{names.vm}** and the resource group "
            f"**{names.resource_group}** were there before the lab, and stay. Checking only lists what is left."
        ),
        ways={"portal": _portal(names), "az": _az(names), "powershell": _powershell(names)},
    )


def _portal(names: Names) -> str:
    return f"""\
1. Does **{names.vm}** have a role at **{names.vault}**? Open the vault, **Access control (IAM)**, \
**Role assignments**, mark it, and choose **Remove**. (Without roles there is nothing to do here.)
2. On the **Overview** of **{names.vault}** choose **Delete**, and confirm.
3. Search for **Key vaults** and choose **Manage deleted vaults**. Take your subscription, mark **{names.vault}**, \
and choose **Purge**.
"""


def _az(names: Names) -> str:
    return f"""\
1. Delete the vault, and with it what is in it:

    ```
    az keyvault delete --name {names.vault} --resource-group {names.resource_group}
    ```

2. Purge it. Give the command half a minute:

    ```
    az keyvault purge --name {names.vault} --location {names.location}
    ```

3. See that nothing is left; both should print nothing about it:

    ```
    az keyvault list --resource-group {names.resource_group} --query "[?name=='{names.vault}']" --output tsv
    az keyvault list-deleted --resource-type vault --query "[?name=='{names.vault}']" --output tsv
    ```
"""


def _powershell(names: Names) -> str:
    return f"""\
1. Delete the vault, and with it what is in it:

    ```powershell
    Remove-AzKeyVault -VaultName {names.vault} -ResourceGroupName {names.resource_group} -Force
    ```

2. Purge it. Give the command half a minute:

    ```powershell
    Remove-AzKeyVault -VaultName {names.vault} -Location {names.location} -InRemovedState -Force
    ```

3. See that nothing is left; this should print nothing:

    ```powershell
    Get-AzKeyVault -VaultName {names.vault} -Location {names.location} -InRemovedState
    ```
"""
