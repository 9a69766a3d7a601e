from __future__ import annotations

from collections.abc import Callable

from steps.kit.task import Guide, Names


def guide(names: Names) -> Guide:
    model = (
        "You have chosen to do this lab by roles: leave it at *Azure role-based access control*, as Azure offers it."
        if names.by_roles
        else "Azure now offers *role-based access control* first, but this lab works with *Vault access policy*. "
        "Choose that one, or the third task will have no effect."
    )
    return Guide(
        intro=(
            f"A key vault keeps secrets so that your programs need not. Make one named **{names.vault}**.\n\n"
            f"**Mind the permission model.** {model}"
        ),
        ways={"portal": _portal(names), "az": _az(names), "powershell": _powershell(names)},
    )


def _portal(names: Names) -> str:
    model = "Azure role-based access control" if names.by_roles else "Vault access policy"
    return f"""\
1. In the [Azure portal](https://portal.azure.com) search for **Key vaults** and choose **Create**.
2. On the first page, **Basics**, take your subscription and the resource group **{names.resource_group}**.
3. As **Key vault name** enter `{names.vault}`, and as **Region** choose **{names.location}**. Leave the rest.
4. Go on to **Access configuration** and set **Permission model** to **{model}**.
5. Choose **Review + create**, then **Create**. It takes up to half a minute.
"""


def _az(names: Names) -> str:
    rbac = "true" if names.by_roles else "false"
    model = "roles" if names.by_roles else "access policies"
    return f"""\
1. Work in the right subscription; you may have more than one:

    ```
    az account set --subscription {names.subscription_id}
    ```

2. Create the vault; the last option is what asks for {model}. Give the command half a minute:

    ```
    az keyvault create --name {names.vault} --resource-group {names.resource_group} --location {names.location} \
--enable-rbac-authorization {rbac}
    ```

3. See what became of it. The first line should be `{rbac}`:

    ```
    az keyvault show --name {names.vault} --resource-group {names.resource_group} \
--query "[properties.enableRbacAuthorization, properties.vaultUri]" --output tsv
    ```
"""


def _powershell(names: Names) -> str:
    create = "Create the vault; without a switch it goes by roles:"
    switch, rbac = "", "True"
    if not names.by_roles:
        create = "Create the vault; the last switch is what asks for access policies:"
        switch, rbac = " -DisableRbacAuthorization", "False"
    return f"""\
1. Work in the right subscription; you may have more than one:

    ```powershell
    Set-AzContext -Tenant {names.tenant_id} -Subscription {names.subscription_id}
    ```

2. {create}

    ```powershell
    New-AzKeyVault -Name {names.vault} -ResourceGroupName {names.resource_group} -Location {names.location}{switch}
    ```

3. See what became of it; `EnableRbacAuthorization` should be `{rbac}`:

    ```powershell
    Get-AzKeyVault -VaultName {names.vault} | Select-Object VaultName, VaultUri, EnableRbacAuthorization
    ```
"""


HINTS: tuple[Callable[[Names], str], ...] = (
    lambda names: (
        "A vault is a resource like any other: it has a name, a resource group, a region, and one setting of "
        "its own that decides who may read."
    ),
    lambda names: (
        f"In the Azure portal: Key vaults, Create. The name is {names.vault}, the resource group "
        f"{names.resource_group}, the region {names.location}."
    ),
    lambda names: (
        "Before Review + create, look at Access configuration: the permission model should be "
        f"{'Azure role-based access control' if names.by_roles else 'Vault access policy'}."
    ),
)
