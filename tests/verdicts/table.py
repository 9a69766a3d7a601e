"""The table: every row, in the order of the lab."""

from __future__ import annotations

from practice_cloud.scenarios import CATALOGUE
from tests.verdicts import (
    challenge,
    clean_up,
    create_secret,
    create_vault,
    grant_access,
    grant_role,
    less_known,
    machine,
    other_ways,
    passes,
    preflight,
    read_secret,
    responses,
    shells,
    trouble,
    vault_answers,
    vault_name,
)
from tests.verdicts.before import Scenario
from tests.verdicts.case import Case

CHAPTERS: tuple[tuple[str, tuple[Case, ...]], ...] = (
    ("Preflight", (*preflight.CASES, *machine.CASES, *vault_name.CASES)),
    ("Task 1: the vault", create_vault.CASES),
    ("Task 2: the secret", (*create_secret.CASES, *other_ways.KEYS)),
    ("Task 3: access by policies", grant_access.POLICIES),
    ("Task 3: access by roles", grant_role.BY_ROLES),
    ("Task 3: access by a group", other_ways.GROUPS),
    ("Task 3: what the other tasks say of it", grant_role.ELSEWHERE),
    ("Task 3: taken back", grant_access.UNDOING),
    ("Task 4: what keeps the machine from being asked", read_secret.HINDRANCES),
    ("Task 4: the token", read_secret.TOKENS),
    ("Task 4: what the vault answers the machine", vault_answers.REFUSALS),
    ("Task 4: the student's own response", (*responses.CASES, *less_known.CASES)),
    ("Task 4: what shells and other tools print", shells.SHELL),
    ("A name that was changed in the portal", other_ways.RENAMED),
    ("Azure in trouble, and what ends the portal's own work", trouble.CASES),
    ("The challenge", challenge.CASES),
    ("Cleaning up", clean_up.CASES),
    ("What passes, or is undone", passes.CASES),
)
CASES: tuple[Case, ...] = tuple(case for _, cases in CHAPTERS for case in cases)


def scenarios_of(case: Case) -> set[str]:
    named = {one.name for one in case.before if isinstance(one, Scenario)}
    return (named | {case.scenario}) & set(CATALOGUE)
