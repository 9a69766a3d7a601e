from __future__ import annotations

from collections.abc import Callable

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.guides.read_secret import commands
from steps.kit.task import Guide, Names


def guide(names: Names) -> Guide:
    what = "role" if names.by_roles else "access policy"
    return Guide(
        intro=(
            f"**{names.vm}** has a token, and **{names.vault}** lets it read. Suppose the {what} goes, and the machine "
            f"asks for **{names.secret}** once more, with the token it has. What will happen?\n\n"
            "Choose an answer first. The portal then does it for real: it notes down what the machine has, takes it "
            "away, lets the machine ask, shows you the answer, and puts back precisely what was there. That takes a "
            "minute or two; with roles it can take ten. Leave the other tasks alone meanwhile."
        ),
        ways={"portal": _portal(names), "az": _az(names), "powershell": _powershell(names)},
    )


def _block(*lines: str, language: str = "") -> str:
    return "\n".join(f"    {line}" for line in (f"```{language}", *lines, "```"))


def _portal(names: Names) -> str:
    if names.by_roles:
        gone = f"**Access control (IAM)**, **Role assignments**, mark **{names.vm}**, and choose **Remove**"
        back = f"**Add role assignment**: the role **Key Vault Secrets User**, for **{names.vm}**"
    else:
        gone = f"**Access policies**, and delete the entry of **{names.vm}**. Write down first what is ticked there"
        back = f"**Create**: the template **Secret Management**, for **{names.vm}**"
    return f"""\
1. Open **{names.vault}**, {gone}.
2. Open **{names.vm}**, **Operations → Run command → RunPowerShellScript**, and run the three commands of Task 4. \
Does the machine still read? Then wait a moment, and run them again.
3. Put it back: **{names.vault}**, the same page, {back}.
"""


def _az(names: Names) -> str:
    who = (
        f"who=$(az vm show --resource-group {names.resource_group} --name {names.vm} "
        "--query identity.principalId --output tsv)"
    )
    if names.by_roles:
        scope = f'"$(az keyvault show --name {names.vault} --query id --output tsv)"'
        gone = f'az role assignment delete --assignee "$who" --role "Key Vault Secrets User" --scope {scope}'
        back = az.assign_role(names, "Key Vault Secrets User", az.machine('"$who"'))
    else:
        gone = f'az keyvault delete-policy --name {names.vault} --object-id "$who"'
        back = az.set_policy(names, '--object-id "$who"')
    ask = (
        f"az vm run-command invoke --resource-group {names.resource_group} --name {names.vm} "
        '--command-id RunPowerShellScript --scripts @read-secret.ps1 --query "value[].message" --output tsv'
    )
    return f"""\
1. Take the access away:

{_block(who, gone)}

2. Let the machine ask, with the file of Task 4:

{_block(ask)}

3. Put it back:

{_block(back)}
"""


def _powershell(names: Names) -> str:
    who = f"$who = (Get-AzVM -ResourceGroupName {names.resource_group} -Name {names.vm}).Identity.PrincipalId"
    if names.by_roles:
        scope = f"-Scope (Get-AzKeyVault -VaultName {names.vault}).ResourceId"
        role = f"-ObjectId $who -RoleDefinitionName 'Key Vault Secrets User' {scope}"
        gone, back = f"Remove-AzRoleAssignment {role}", f"New-AzRoleAssignment {role}"
    else:
        gone = f"Remove-AzKeyVaultAccessPolicy -VaultName {names.vault} -ObjectId $who"
        back = (
            f"Set-AzKeyVaultAccessPolicy -VaultName {names.vault} -ObjectId $who "
            f"-PermissionsToSecrets {','.join(az.SECRET_MANAGEMENT)} -BypassObjectIdValidation"
        )
    return f"""\
1. Take the access away:

{_block(who, gone, language="powershell")}

2. On **{names.vm}**, run the three commands of Task 4:

{_block(*commands(names), language="powershell")}

3. Put it back:

{_block(back, language="powershell")}
"""


HINTS: tuple[Callable[[Names], str], ...] = (
    lambda names: f"Two questions: does {names.vm} still get a token, and what does {names.vault} make of it?",
    lambda names: "A token says who somebody is. Where does it stand what that one may do?",
    lambda names: (
        f"{names.vault} looks up at each request whether the caller is on its list. 401 is for whom it does not know; "
        "403 for whom it knows, and does not let."
    ),
)
