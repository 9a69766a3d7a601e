"""Names Azure accepts."""

from __future__ import annotations

import re
from typing import Any

from steps.kit.findings import not_yet
from steps.kit.records import NameAvailability, Seen
from steps.kit.task import Names
from steps.kit.verdict import Finding

VAULT_NAME = re.compile(r"(?=.{3,24}\Z)[A-Za-z](?:-?[A-Za-z0-9])*\Z")
"""3 to 24 letters, digits and hyphens; a letter first, no hyphen last, none doubled."""

SECRET_NAME = re.compile(r"[0-9A-Za-z-]{1,127}\Z")

_RULES = (
    (re.compile(r".{3,24}\Z", re.DOTALL), "it has {length} characters, and must have 3 to 24"),
    (re.compile(r"[A-Za-z0-9-]*\Z"), "it may hold only letters, digits and hyphens"),
    (re.compile(r"[A-Za-z]"), "it must begin with a letter"),
    (re.compile(r".*[A-Za-z0-9]\Z", re.DOTALL), "it must end with a letter or a digit"),
    (re.compile(r"(?!.*--)", re.DOTALL), "two hyphens must not follow each other"),
)


def rules_broken(name: str) -> list[str]:
    """Those of Azure's rules for vault names that ``name`` breaks, each as the end of a sentence."""
    return [said.format(length=len(name)) for rule, said in _RULES if not rule.match(name)]


def vault_name_not_allowed(names: Names, seen: Seen[Any], *, wanted: str) -> Finding:
    broken = rules_broken(names.vault)
    why = f": {'; '.join(broken)}." if broken else "."
    azures = seen.value.message if isinstance(seen.value, NameAvailability) and not broken else ""
    return not_yet(
        "vault_name_not_allowed",
        wanted=wanted,
        found=f"Azure does not allow the name {names.vault!r}{why}{f' Azure says: {azures}' if azures else ''}",
        next_step="Under Your names choose one of 3 to 24 letters, digits and single hyphens, "
        "a letter first and no hyphen last.",
        seen=(seen,),
    )
