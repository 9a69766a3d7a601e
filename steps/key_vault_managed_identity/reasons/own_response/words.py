"""What several reasons about the student's own response say alike."""

from __future__ import annotations

from steps.key_vault_managed_identity.guides.read_secret import commands
from steps.kit.task import Names

SHOWN = "The token is what the machine shows instead of a password. Without one, or with another's, no vault opens."
METADATA = "Only a machine in Azure reaches a metadata service, at 169.254.169.254. There it gets its token."
PROOF = "The identifier in the answer shows that you got it: which vault, which secret and which version."
READ = "PowerShell reads a command as a whole before it runs any of it, so one wrong sign stops all of it."
WHOSE = (
    "The lab shows that the machine can read the secret. That somebody else can, you for instance, does not show that."
)
VERSIONS = "Each time a secret is set it gets a new version. Without a version in the address the current one is given."
NOT_YOURS = "It is nothing you did. But only a response that came shows that you got it."


def first(names: Names) -> str:
    return f"The first command, whole: `{commands(names)[0]}`"


def last(names: Names) -> str:
    return f"The last command, whole: `{commands(names)[2]}`"


def all_three(names: Names) -> str:
    return "All three, one below the other: " + " ".join(f"`{one}`" for one in commands(names))
