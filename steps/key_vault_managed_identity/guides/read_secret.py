from __future__ import annotations

from collections.abc import Callable

from steps.key_vault_managed_identity.read_secret.on_the_vm import IMDS_URL, SECRETS_API_VERSION
from steps.kit.task import Guide, Names


def guide(names: Names) -> Guide:
    return Guide(
        intro=(
            f"The last step happens on **{names.vm}** itself. The machine asks Azure's metadata service, which only it "
            "can reach, for a token, and shows the token to the vault. No password is stored anywhere.\n\n"
            "When the last command has answered, paste the answer into the field on this page. Only the secret's "
            "identifier is kept. If there is an error instead, paste that: the check then says what it means."
        ),
        ways={"portal": _portal(names), "az": _az(names), "powershell": _powershell(names)},
    )


def commands(names: Names) -> tuple[str, str, str]:
    """The three commands of the lab, ready to paste."""
    secret = f"{names.vault_uri}secrets/{names.secret}?api-version={SECRETS_API_VERSION}"
    return (
        f"$Response = Invoke-RestMethod -Uri '{IMDS_URL}' -Method GET -Headers @{{Metadata=\"true\"}}",
        "$KeyVaultToken = $Response.access_token",
        f"Invoke-RestMethod -Uri '{secret}' -Method GET -Headers @{{Authorization=\"Bearer $KeyVaultToken\"}}"
        " | Format-List",
    )


def _block(*lines: str) -> str:
    return "\n".join(f"    {line}" for line in ("```powershell", *lines, "```"))


def _portal(names: Names) -> str:
    return f"""\
1. Open the virtual machine **{names.vm}** and choose **Operations → Run command → RunPowerShellScript**.
   (Or connect to it with Remote Desktop and open PowerShell there.)
2. Paste these three commands. They fetch a token, take it out of the response, and read the secret with it:

{_block(*commands(names))}

3. Choose **Run**. It takes half a minute. Copy everything under *Output*, and paste it into the field on this page.
"""


def _az(names: Names) -> str:
    return f"""\
1. Save the three commands in a file `read-secret.ps1`, in the folder your shell is in:

{_block(*commands(names))}

2. Let the machine run them. It takes half a minute:

    ```
    az vm run-command invoke --resource-group {names.resource_group} --name {names.vm} \
--command-id RunPowerShellScript --scripts "@read-secret.ps1" --query "value[].message" --output tsv
    ```

3. Paste what it prints into the field on this page.
"""


def _powershell(names: Names) -> str:
    fetch, take, read = commands(names)
    return f"""\
1. Connect to **{names.vm}** with Remote Desktop and open PowerShell.
2. Ask the metadata service for a token to the vault:

{_block(fetch)}

3. Take the token out of the response:

{_block(take)}

4. Read the secret with it:

{_block(read)}

5. Paste what it prints into the field on this page.
"""


HINTS: tuple[Callable[[Names], str], ...] = (
    lambda names: (
        f"Nobody types a password here, so {names.vm} has to show something else. Who in Azure could know it well "
        "enough to vouch for it?"
    ),
    lambda names: (
        "Three commands: one asks the metadata service for a token, one takes it out of the reply, one shows it to "
        f"{names.vault}. The first works nowhere but on a machine in Azure."
    ),
    lambda names: (
        f"In the Azure portal: {names.vm}, Operations, Run command, RunPowerShellScript. Paste all three, choose Run, "
        "and paste what stands under Output, an error too, into the field of this page."
    ),
)
