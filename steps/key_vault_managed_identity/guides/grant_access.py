from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.kit.task import Guide, Names


def guide(names: Names) -> Guide:
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
