from __future__ import annotations

from collections.abc import Callable

from steps.key_vault_managed_identity import az
from steps.kit.task import Guide, Names


def guide(names: Names) -> Guide:
    return Guide(
        intro=(
            f"The lab needs a Windows virtual machine with a managed identity. Yours is **{names.vm}** in "
            f"**{names.resource_group}**. The check looks at everything the four tasks build on; "
            "here is how to set right what it may find missing."
        ),
        ways={"portal": _portal(names), "az": _az(names), "powershell": _powershell(names)},
    )


def _portal(names: Names) -> str:
    return f"""\
1. Open the [Azure portal](https://portal.azure.com) and find **Subscriptions**. Yours should say *Active*.
2. In the subscription, under **Settings → Resource providers**, see that `Microsoft.KeyVault` and `Microsoft.Compute`
   are *Registered*. If one is not, select it and choose **Register**.
3. Open **Resource groups → {names.resource_group}**. The virtual machine **{names.vm}** should be in it.
4. Open **{names.vm}**. Under **Overview** it should be *Running*; if not, choose **Start**.
5. Under **Security → Identity → System assigned**, set **Status** to **On** and save.
6. Open **{names.resource_group}** again, then **Access control (IAM) → Role assignments**. The app registration that
   your connection uses should have the role *Contributor*, there or on the subscription.
"""


def _az(names: Names) -> str:
    return f"""\
1. See the subscription and choose it:

    ```
    az account set --subscription {names.subscription_id}
    az account show --query state
    ```

2. Register the two providers (nothing happens if they are registered already):

    ```
    az provider register --namespace Microsoft.KeyVault
    az provider register --namespace Microsoft.Compute
    ```

3. Start the machine and turn its identity on:

    ```
    {az.start_vm(names)}
    {az.identity_on(names)}
    ```

4. See who has which role; the app registration that your connection uses should be a *Contributor*:

    ```
    az role assignment list --resource-group {names.resource_group} --include-inherited --output table
    ```
"""


def _powershell(names: Names) -> str:
    return f"""\
1. See the subscription and choose it:

    ```powershell
    Set-AzContext -Tenant {names.tenant_id} -Subscription {names.subscription_id}
    ```

2. Register the two providers (nothing happens if they are registered already):

    ```powershell
    Register-AzResourceProvider -ProviderNamespace Microsoft.KeyVault
    Register-AzResourceProvider -ProviderNamespace Microsoft.Compute
    ```

3. Start the machine and turn its identity on:

    ```powershell
    Start-AzVM -ResourceGroupName {names.resource_group} -Name {names.vm}
    $vm = Get-AzVM -ResourceGroupName {names.resource_group} -Name {names.vm}
    Update-AzVM -ResourceGroupName {names.resource_group} -VM $vm -IdentityType SystemAssigned
    ```

4. See who has which role; the app registration that your connection uses should be a *Contributor*:

    ```powershell
    Get-AzRoleAssignment -ResourceGroupName {names.resource_group} | Format-Table DisplayName, RoleDefinitionName, Scope
    ```
"""


HINTS: tuple[Callable[[Names], str], ...] = (
    lambda names: "Read the checks from the top: what stands further down often rests on what stands above it.",
    lambda names: (
        f"Nearly everything can be seen on two pages of the Azure portal: {names.resource_group} and {names.vm}."
    ),
    lambda names: (
        f"{names.vm}, Overview: Running? Security, Identity: On? Then the subscription, Resource providers: "
        "Microsoft.KeyVault and Microsoft.Compute registered?"
    ),
)
