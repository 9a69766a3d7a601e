"""Rows about Task 4's response of the student's own: an address, a header or a method is wrong, in any language."""

from __future__ import annotations

from tests.steps.pastes_of_asking import DENY
from tests.verdicts.before import CarriedOut
from tests.verdicts.preflight import ROLES
from tests.verdicts.responses import AGAIN, denied, paste, row

ADDRESSES = (
    row(
        "answer_with_wrong_scheme",
        "The first command says https",
        paste("https for the metadata service"),
        ("https://169.254.169.254", "only to http://, without the s"),
        ("Begin that address with http://169.254.169.254", AGAIN),
    ),
    row(
        "answer_with_wrong_scheme",
        "The last command says http",
        paste("http for the vault, unresolved"),
        ("http://{vault}.vault.azure.net", "only to https://, with the s"),
        ("Begin that address with {vault_uri}", AGAIN),
    ),
    row(
        "answer_with_wrong_address",
        "The address of the metadata service is mistyped",
        paste("the metadata service's address mistyped"),
        ("not those of the metadata service",),
        ("http://169.254.169.254",),
    ),
    row(
        "answer_from_other_cloud",
        "The response is of a vault in Azure Government",
        paste("a vault in Azure Government"),
        ("for the United States government", "ends in vault.azure.net"),
        ("{vault_uri}secrets/{secret}",),
    ),
    row(
        "answer_from_other_cloud",
        "The last command asked for a vault in China",
        paste("a vault in China that is not there"),
        ("in Azure for China",),
        ("{vault_uri}secrets/{secret}",),
    ),
    row(
        "answer_token_for_other_audience",
        "The token is for Key Vault in Azure Government",
        paste("a token for another cloud"),
        ("Key Vault in another cloud",),
        ("resource=https%3A%2F%2Fvault.azure.net",),
    ),
    row(
        "answer_with_wrong_method",
        "The last command does not read",
        paste("a method that reads nothing"),
        ("{vault} does not take the method of your last command (405)",),
        ("Write -Method GET in the last command",),
    ),
    row(
        "answer_with_wrong_method",
        "The first command does not read",
        paste("a method that the metadata service does not take"),
        ("The metadata service does not take the method of your first command",),
        ("Write -Method GET in the first command",),
    ),
)
TOKENS = (
    row(
        "answer_without_bearer",
        "The word Bearer is missing",
        paste("no Bearer"),
        ("The word Bearer is missing before the token",),
        ('Authorization="Bearer $KeyVaultToken"', AGAIN),
    ),
    row(
        "answer_with_whole_reply",
        "The whole reply of the metadata service stands in the header",
        paste("the whole reply in the header"),
        ("puts $Response into the header", "PowerShell takes $Response alone"),
        ("$KeyVaultToken = $Response.access_token", AGAIN),
    ),
    row(
        "answer_with_single_quotes",
        "The token stands in single quotes",
        paste("single quotes"),
        ("single quotes", "the word $KeyVaultToken instead of the token"),
        ("double quotes",),
    ),
    row(
        "answer_token_for_other_audience",
        "The first command, pasted too, asks for a token for the vault's own address",
        paste("a token for one vault, as the first command shows"),
        ("the address of one vault",),
        ("resource=https%3A%2F%2Fvault.azure.net",),
    ),
    row(
        "answer_denied_another_right",
        "The last command was to list",
        denied().replace("secrets get", "secrets list"),
        ("{vm} may not list secrets", "the right get alone"),
        ("-Method GET", "{vault_uri}secrets/{secret}"),
    ),
    row(
        "answer_met_deny_assignment",
        "A deny assignment turned the VM away, and does still",
        paste("a deny assignment"),
        (f"A deny assignment ({DENY}) forbids {{vm}} to read {{secret}}",),
        ("Deny assignments", AGAIN),
        scenario="role-missing",
        names=ROLES,
        before=(CarriedOut(("create-secret",)),),
        also={"secret-read": "vault_wants_role"},
    ),
    row(
        "waits_for_another_check",
        "The vault turned the VM away, and its policy is still not in effect",
        denied(),
        ("This waits for {vault} to let {vm} in", "run the three commands once more"),
        (),
        scenario="policy-not-effective-yet",
        parameters={"seconds": 3600},
        also={"secret-read": "policy_not_in_effect_yet"},
    ),
)
LANGUAGES = (
    row(
        "answer_forbidden",
        "403 in one line of French",
        paste("forbidden, one line of French"),
        ("403, Forbidden",),
        ("once more on {vm}",),
    ),
    row(
        "answer_asked_other_vault",
        "A name that was not found, in one line of French",
        paste("a name that is nobody's, one line of French"),
        ("kv-ana-7f3c; yours is {vault}",),
        ("Put {vault_uri} into",),
    ),
    row(
        "answer_with_syntax_error",
        "An address without quotes, in one line of German",
        paste("an ampersand, in German"),
        ("takes its & for a command",),
        ("from the guide as they stand",),
    ),
    row(
        "answer_certificate_not_trusted",
        "A certificate that is not trusted, in German",
        paste("a certificate that is not trusted, in German"),
        ("did not trust the certificate",),
        ("date and time are right",),
    ),
    row(
        "answer_not_encrypted",
        "No encrypted connection, in Polish",
        paste("a certificate or encryption, in Polish"),
        ("did not trust the certificate", "TLS 1.2"),
        ("Tls12", "date and time are right"),
    ),
)
TOOLS = (
    row(
        "answer_not_from_powershell",
        "The commands were run in a German command prompt",
        paste("the command prompt, in German"),
        ("a command prompt or a Linux shell",),
        ("open Windows PowerShell",),
    ),
    row(
        "answer_shell_script_for_windows",
        "The student's Run Command was one for Linux",
        paste("a shell script for Windows"),
        ("RunShellScript, which is for Linux", "{vm} runs Windows"),
        ("RunPowerShellScript", AGAIN),
    ),
    row(
        "answer_cut_off",
        "The identifier was read from a picture",
        paste("an id read from a picture"),
        ("spaces or lines in it that do not belong",),
        ("ends in 32 letters and digits",),
    ),
)
CASES = (*TOOLS, *ADDRESSES, *TOKENS, *LANGUAGES)
