"""The guide's commands, really run wrongly on a practice VM, and what they print pasted into the page's field."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from labportal.gateway import Cloud, ServicePrincipal, open_azure
from steps.key_vault_managed_identity.guides.read_secret import commands
from steps.key_vault_managed_identity.read_secret.identifier import Identifier
from steps.key_vault_managed_identity.read_secret.on_the_vm import IMDS_URL
from steps.key_vault_managed_identity.read_secret.own_response.judge import judge_answer
from steps.key_vault_managed_identity.read_secret.own_response.recognise import keep
from steps.kit.answers import Answers
from steps.kit.course import Mode
from steps.kit.records import Running
from steps.kit.task import Context, Names
from steps.kit.verdict import Finding, Verdict
from steps.registry import LABS
from tests.practice.services.clients import Azure
from tests.steps.walking import walk

if TYPE_CHECKING:
    from tests.practice_process import Practice

LAB = LABS["key-vault-managed-identity"]
OTHER_VERSION = "0" * 32


@dataclass
class Machine:
    """The VM of a student who has done Tasks 1 to 3. ``hand`` is what the student does besides."""

    hand: Azure
    names: Names
    pool: ThreadPoolExecutor

    def context(self, **answers: str) -> Context:
        told, cloud = self.hand.student, self.hand.cloud
        who = ServicePrincipal(
            told["tenant_id"], told["subscription_id"], client_id=told["client_id"], client_secret=told["client_secret"]
        )
        azure = open_azure(Cloud(cloud.proxy, cloud.ca_bundle), who, may_write=True)
        return Context(self.names, azure, lambda text: "d" * 64, answers=answers)

    def prints(self, script: str) -> str:
        """All that a Run Command shows, errors below the rest."""
        azure = self.context().azure
        answer = azure.run_powershell(self.names.resource_group, self.names.vm, script)
        while isinstance(answer, Running):
            answer = azure.resume_run_powershell(answer.token)
        return f"{answer.value.stdout}\n{answer.value.stderr}"

    def judge(self, pasted: str) -> Finding:
        kept = keep(pasted)
        assert "eyJ" not in kept
        ctx = self.context(identifier=kept)
        return judge_answer(ctx, Answers(ctx, self.pool))

    def by_hand(self, method: str, path: str, body: dict[str, object]) -> None:
        self.hand.arm(method, f"{path}?api-version=2024-11-01", body).raise_for_status()

    def change_vault(self, **properties: object) -> None:
        group = f"{self.hand.scope}/resourceGroups/{self.names.resource_group}"
        vault = f"{group}/providers/Microsoft.KeyVault/vaults/{self.names.vault}"
        self.by_hand("PATCH", vault, {"properties": properties})


@contextmanager
def a_machine(practice: Practice, pool: ThreadPoolExecutor) -> Iterator[Machine]:
    hand = Azure(practice, practice.student())
    names = Names(
        tenant_id=hand.tenant,
        subscription_id=hand.sid,
        resource_group=hand.group,
        location=hand.student["location"],
        vm=hand.vm,
        vault=f"kv-{uuid.uuid4().hex[:12]}",
        secret="mi-test",
    )
    at_once = dict.fromkeys(("vault_create", "run_command", "policy_propagation", "rbac_propagation", "vm_power"), 0)
    with practice.conduct("timings", **at_once):
        machine = Machine(hand, names, pool)
        for task_id in ("create-vault", "create-secret", "grant-access"):
            done = walk(LAB.task(task_id), Mode.CARRY_OUT, machine.context(), pool)
            assert done.verdict is Verdict.PASSED
        yield machine


@pytest.fixture(scope="module")
def vm(practice: Practice, pool: ThreadPoolExecutor) -> Iterator[Machine]:
    """For what changes nothing."""
    with a_machine(practice, pool) as machine:
        yield machine


@pytest.fixture
def own_vm(practice: Practice, pool: ThreadPoolExecutor) -> Iterator[Machine]:
    with a_machine(practice, pool) as machine:
        yield machine


Commands = tuple[str, str, str]
Slip = Callable[[Names, Commands], str]


def whole(*lines: str) -> str:
    return "\n".join(lines)


def first(change: Callable[[str], str]) -> Slip:
    return lambda names, three: whole(change(three[0]), *three[1:])


def last(change: Callable[[Names, str], str]) -> Slip:
    return lambda names, three: whole(*three[:2], change(names, three[2]))


SLIPS: dict[str, tuple[Slip, str]] = {
    "as printed": (first(lambda one: one), "answer_right"),
    "without Format-List": (last(lambda names, one: one.removesuffix(" | Format-List")), "answer_cut_off"),
    "no header": (first(lambda one: one.partition(" -Headers")[0]), "answer_without_metadata_header"),
    "another word in the header": (first(lambda one: one.replace('"true"', '"yes"')), "answer_without_metadata_header"),
    "no resource": (
        first(lambda one: one.replace("&resource=https%3A%2F%2Fvault.azure.net", "")),
        "answer_without_resource",
    ),
    "no api-version": (first(lambda one: one.replace("api-version=2018-02-01&", "")), "answer_without_api_version"),
    "the vault for the resource": (
        lambda names, three: whole(three[0].replace("%2F%2Fvault", f"%2F%2F{names.vault}.vault"), *three[1:]),
        "answer_with_unknown_resource",
    ),
    "another resource": (
        first(lambda one: one.replace("vault.azure.net", "management.azure.com")),
        "answer_token_for_other_audience",
    ),
    "the address without quotes": (
        first(lambda one: one.replace(f"'{IMDS_URL}'", IMDS_URL)),
        "answer_with_syntax_error",
    ),
    "a quote is missing": (first(lambda one: one.replace("net' ", "net ")), "answer_with_syntax_error"),
    "a brace is missing": (first(lambda one: one.removesuffix("}")), "answer_with_syntax_error"),
    "the @ is missing": (first(lambda one: one.replace("@{", "{")), "answer_with_wrong_parameter"),
    "a parameter is mistyped": (first(lambda one: one.replace("-Headers", "-Header5")), "answer_with_wrong_parameter"),
    "the command is mistyped": (
        first(lambda one: one.replace("RestMethod", "RestMethd")),
        "answer_with_unknown_command",
    ),
    "a $ is missing": (
        lambda names, three: whole(three[0], three[1].removeprefix("$"), three[2]),
        "answer_with_unknown_command",
    ),
    "an address that is none": (
        last(lambda names, one: one.replace("https://", "https//")),
        "answer_with_wrong_address",
    ),
    "a vault's address that is none": (
        last(lambda names, one: one.replace("vault.azure.net", "vault.azure.com")),
        "answer_with_wrong_address",
    ),
    "https for the metadata service": (
        first(lambda one: one.replace("http://169", "https://169")),
        "answer_with_wrong_scheme",
    ),
    "http for the vault": (last(lambda names, one: one.replace("https:", "http:")), "answer_with_wrong_scheme"),
    "no Bearer": (last(lambda names, one: one.replace("Bearer ", "")), "answer_without_token"),
    "single quotes": (
        last(lambda names, one: one.replace('"Bearer $KeyVaultToken"', "'Bearer $KeyVaultToken'")),
        "answer_token_refused",
    ),
    "another method for the metadata service": (
        first(lambda one: one.replace("-Method GET", "-Method POST")),
        "answer_with_wrong_method",
    ),
    "the last command alone": (lambda names, three: three[2], "answer_without_token"),
    "the second command left out": (lambda names, three: whole(three[0], three[2]), "answer_without_token"),
    "no authorization": (last(lambda names, one: one.partition(" -Headers")[0]), "answer_without_token"),
    "a token cut off": (
        lambda names, three: whole(*three[:2], "$KeyVaultToken = $KeyVaultToken.Substring(0, 99)", three[2]),
        "answer_token_refused",
    ),
    "the reply of the metadata service": (
        lambda names, three: whole(three[0], "$Response | Format-List"),
        "answer_is_the_token",
    ),
    "the reply as a table": (lambda names, three: whole(three[0], "$Response"), "answer_is_the_token"),
    "the token": (lambda names, three: whole(*three[:2], "$KeyVaultToken"), "answer_is_the_token"),
    "another vault": (last(lambda names, one: one.replace(names.vault, "kv-of-nobody-5")), "answer_asked_other_vault"),
    "another secret": (last(lambda names, one: one.replace(names.secret, "mi-tset")), "answer_asked_other_secret"),
    "no such version": (
        last(lambda names, one: one.replace("?api", f"/{OTHER_VERSION}?api")),
        "answer_secret_not_found",
    ),
    "no version of the service": (
        last(lambda names, one: one.partition("?")[0] + "' " + one.partition("' ")[2]),
        "answer_bad_request",
    ),
    "the list of secrets": (last(lambda names, one: one.replace(f"/{names.secret}", "")), "answer_is_a_list"),
    "the list of versions": (last(lambda names, one: one.replace("?api", "/versions?api")), "answer_is_a_list"),
    "the list of versions, as JSON": (
        last(lambda names, one: one.replace("?api", "/versions?api").replace("Format-List", "ConvertTo-Json")),
        "answer_is_a_list",
    ),
    "as JSON": (last(lambda names, one: one.replace("Format-List", "ConvertTo-Json")), "answer_right"),
    "the value and when it was made": (
        last(lambda names, one: one.replace("Format-List", "Format-List value, attributes")),
        "answer_without_id",
    ),
    "the commands themselves": (lambda names, three: f"@'\n{whole(*three)}\n'@", "answer_is_the_command"),
}


@pytest.mark.parametrize("name", list(SLIPS))
def test_what_a_slip_prints_is_told_for_what_it_is(vm: Machine, name: str) -> None:
    slip, reason = SLIPS[name]
    printed = vm.prints(slip(vm.names, commands(vm.names)))
    finding = vm.judge(printed)
    assert finding.reason == reason, printed


COPIED = {"no Bearer": "answer_without_bearer", "single quotes": "answer_with_single_quotes"}


@pytest.mark.parametrize("name", list(COPIED))
def test_the_commands_copied_with_what_they_print_tell_more(vm: Machine, name: str) -> None:
    """Windows PowerShell repeats only the beginning of a line below its error: the header stands further on."""
    script = SLIPS[name][0](vm.names, commands(vm.names))
    printed = vm.prints(script)
    assert {"no Bearer": "Bearer", "single quotes": "single quotes"}[name] in vm.judge(printed).found
    screen = "".join(f"PS C:\\> {line}\r\n" for line in script.splitlines()) + printed
    assert vm.judge(screen).reason == COPIED[name]


def test_the_value_alone_is_not_recognised_and_not_kept(vm: Machine) -> None:
    fetch, take, read = commands(vm.names)
    printed = vm.prints(whole(fetch, take, f"({read.removesuffix(' | Format-List')}).value"))
    assert len(printed.strip()) > 20
    assert keep(printed) == ""


def test_a_version_that_is_asked_for_by_its_id_and_has_been_replaced_is_another_one(own_vm: Machine) -> None:
    vm = own_vm
    fetch, take, read = commands(vm.names)
    before = Identifier.parse(keep(vm.prints(whole(fetch, take, read))))
    assert before is not None
    vm.hand.secrets(vm.names.vault).set_secret(vm.names.secret, "a newer one")
    old = vm.prints(whole(fetch, take, read.replace("?api", f"/{before.version}?api")))
    finding = vm.judge(old)
    assert finding.reason == "answer_of_other_version"
    assert before.version in finding.found


# What the VM meets, with the commands as they stand in the guide


def no_policy(vm: Machine) -> None:
    vm.change_vault(accessPolicies=[])


def roles(vm: Machine) -> None:
    vm.change_vault(enableRbacAuthorization=True)


def firewall(vm: Machine) -> None:
    vm.change_vault(networkAcls={"defaultAction": "Deny", "bypass": "None", "ipRules": [], "virtualNetworkRules": []})


def disabled(vm: Machine) -> None:
    vm.hand.secrets(vm.names.vault).update_secret_properties(vm.names.secret, enabled=False)


def deleted(vm: Machine) -> None:
    vm.hand.secrets(vm.names.vault).begin_delete_secret(vm.names.secret).wait()


def no_identity(vm: Machine) -> None:
    vm.by_hand("PATCH", vm.hand.vm_id, {"identity": {"type": "None"}})


MET: dict[str, tuple[Callable[[Machine], None], str]] = {
    "no policy": (no_policy, "answer_denied"),
    "roles": (roles, "answer_denied"),
    "a firewall": (firewall, "answer_met_firewall"),
    "a disabled secret": (disabled, "answer_met_disabled_secret"),
    "a deleted secret": (deleted, "answer_secret_not_found"),
    "no identity": (no_identity, "answer_identity_not_found"),
}


@pytest.mark.parametrize("name", list(MET))
def test_what_the_vm_meets_is_told_from_what_the_guides_commands_print(own_vm: Machine, name: str) -> None:
    change, reason = MET[name]
    change(own_vm)
    printed = own_vm.prints(whole(*commands(own_vm.names)))
    finding = own_vm.judge(printed)
    assert finding.reason == reason, printed
    assert own_vm.names.vm in finding.next_step


def test_a_token_of_the_students_own_is_told_from_the_vaults_refusal(own_vm: Machine) -> None:
    no_policy(own_vm)
    mine = own_vm.hand.credential.get_token("https://vault.azure.net/.default").token
    printed = own_vm.prints(whole(f"$KeyVaultToken = '{mine}'", commands(own_vm.names)[2]))
    finding = own_vm.judge(printed)
    assert finding.reason == "answer_from_own_account", printed
