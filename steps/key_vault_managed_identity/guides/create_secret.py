from __future__ import annotations

from steps.kit.task import Guide, Names


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
"""


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
"""
