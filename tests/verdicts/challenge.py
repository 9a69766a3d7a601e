"""Rows about the challenge: the machine without its access, and whether it has that back."""

from __future__ import annotations

from steps.kit.course import Mode
from tests.steps.fake_azure import FakeAzure, after_task, refused
from tests.steps.reading import answering
from tests.verdicts.before import Fault, arm_says, vault_says
from tests.verdicts.case import Case
from tests.verdicts.preflight import ROLES, WAITS
from tests.verdicts.read_secret import RUNNING_SCRIPT

VAULTS = r"\.vault\.azure\.net$"
READS = {"value": "x", "id": "{vault_uri}secrets/{secret}/{version}", "attributes": {"enabled": True}}
SILENT = {"what-happened": "challenge_no_answer", "access-back": "challenge_not_read_again"}


def printing_nothing() -> FakeAzure:
    azure = after_task(3)
    azure.answer = lambda said: "nothing of use"
    return azure


def row(check: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    found, next_step = (*facts, (), ())[:2]
    told: dict[str, object] = {"mode": Mode.CARRY_OUT, "answers": {"prediction": "refused"}, **more}
    scenario = str(told.pop("scenario", "read-ready"))
    return Case(scenario, "challenge", check, reason, found, next_step, **told)  # type: ignore[arg-type]


CASES = (
    row("what-happened", "challenge_refused", ("403 Forbidden (AccessDenied)",)),
    row("access-back", "challenge_access_back", ("back as it was", "{vm} has read {secret}")),
    row(
        "what-happened",
        "challenge_refused",
        ("403 Forbidden (ForbiddenByRbac)",),
        scenario="role-right",
        names=ROLES,
    ),
    row(
        "what-happened",
        "challenge_not_begun",
        ("Nothing has been taken from {vm}",),
        ("take the challenge",),
        title="The challenge was not taken yet",
        mode=Mode.VALIDATE,
    ),
    row(
        "prediction",
        "challenge_not_foreseen",
        ("The machine still reads the secret", "It answered 403", "anew with each request"),
        ("choose again",),
        title="The student thought that the token would do",
        answers={"prediction": "reads"},
    ),
    row(
        "what-happened",
        "challenge_still_reads",
        ("went on reading {secret}", "Azure is slow"),
        ("Take the challenge again", "a group of {vm}"),
        title="The vault goes on letting the machine in",
        before=(Fault(VAULTS, 200, READS, path="^/secrets/"),),
    ),
    row(
        "what-happened",
        "challenge_refused_otherwise",
        ("not for its missing access", "ForbiddenByFirewall"),
        ("Check Task 4",),
        title="The vault's firewall turns the machine away",
        before=(vault_says(403, "Forbidden", "Client address is not authorized.", "ForbiddenByFirewall"),),
        also={"access-back": "challenge_not_read_again"},
    ),
    row(
        "what-happened",
        "challenge_no_answer",
        ("no answer of {vault} that tells anything",),
        ("Take the challenge again",),
        title="The script prints something else",
        scenario="",
        memory=printing_nothing,
        because=RUNNING_SCRIPT,
        also=SILENT,
    ),
    row(
        "access-back",
        "challenge_not_read_again",
        ("{vm} has not read {secret} since",),
        (WAITS, "Task 4"),
        title="The script goes on printing something else",
        scenario="",
        memory=printing_nothing,
        because=RUNNING_SCRIPT,
        also=SILENT,
    ),
    row(
        "access-back",
        "challenge_access_not_in_effect",
        ("back as it was", "still turns {vm} away"),
        (WAITS,),
        title="The access is back, and the vault does not know yet",
        scenario="",
        memory=lambda: answering(refused(403, "Forbidden", "AccessDenied") | {"id": ""}),
        because="the portal asks for minutes, and the practice VM would run as many scripts",
    ),
    row(
        "access-back",
        "challenge_access_away",
        ("{vm} still lacks", "could not put that back"),
        ("Take the challenge again", "az keyvault set-policy --name {vault}"),
        title="Azure does not take the access back",
        before=(arm_says(409, "ScopeLocked", "The scope is locked.", path="/accessPolicies/add"),),
    ),
)
