"""Preflight: the virtual machine."""

from __future__ import annotations

from practice_cloud import machines
from practice_cloud.cloud import Cloud
from practice_cloud.scenarios import later, things, vms
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.scene import Scene
from practice_cloud.store import Doc

BOOK = Book("preflight: machine", task="preflight")


@BOOK.scenario("vm-missing", "The VM is missing")
def missing(scene: Scene) -> None:
    """The group is there and has no machine: 404 ResourceNotFound."""
    things.need_group(scene)
    vms.no_vm(scene)
    scene.suffer(f"The VM {scene.student['vm']} is gone.")


@BOOK.scenario("vm-in-other-group", "The VM is in another resource group")
def in_other_group(scene: Scene) -> None:
    """A machine of the agreed name is there, but in the group rg-other."""
    things.need_group(scene)
    vms.no_vm(scene)
    things.save_group(scene, things.group(scene, "rg-other"))
    vms.another_vm(scene, name=scene.student["vm"], group="rg-other")
    scene.suffer(f"The VM {scene.student['vm']} is not in {scene.group}.")
    scene.did(f"rg-other has a VM {scene.student['vm']}.")


@BOOK.scenario("vm-other-name", "A VM is there, but not the one agreed on")
def other_name(scene: Scene) -> None:
    """The group has one machine, of another name."""
    things.need_group(scene)
    vms.no_vm(scene)
    other = vms.another_vm(scene)
    scene.suffer(f"The VM {scene.student['vm']} is gone.")
    scene.did(f"{scene.group} has the VM {other['name']}.")


@BOOK.scenario("vm-two", "There are two VMs that could be meant")
def two(scene: Scene) -> None:
    """A second machine like the first is in the group; both run."""
    vms.vm(scene)
    scene.did(f"{scene.group} has a second VM, {vms.another_vm(scene)['name']}.")


@BOOK.scenario("vm-several-none-agreed", "There are several VMs, none of the agreed name")
def several(scene: Scene) -> None:
    """Two machines of other names are in the group: either could be meant."""
    things.need_group(scene)
    vms.no_vm(scene)
    names = [vms.another_vm(scene, name=f"{scene.student['vm']}-{number}")["name"] for number in (2, 3)]
    scene.suffer(f"The VM {scene.student['vm']} is gone.")
    scene.did(f"{scene.group} has the VMs {' and '.join(names)}.")


@BOOK.scenario("vm-deallocated", "The VM is deallocated")
def deallocated(scene: Scene) -> None:
    """It was stopped as the portal does: it costs nothing and runs nothing."""
    _stopped(scene, "deallocated")


@BOOK.scenario("vm-powered-off", "The VM is stopped from within")
def powered_off(scene: Scene) -> None:
    """It was shut down by its own system: stopped, and still paid for."""
    _stopped(scene, "stopped")


def _stopped(scene: Scene, state: str) -> None:
    vms.vm(scene, powerState=state)
    scene.did(f"The VM {scene.student['vm']} is {state}.")


@BOOK.scenario("vm-starting", "The VM is starting", seconds=Number(60, "the seconds until it runs"))
def starting(scene: Scene) -> None:
    """It is between off and on, and runs once the seconds are over."""
    at = scene.now + scene.number("seconds")
    vms.vm(scene, powerState="starting", settling={"powerState": "running", "at": at})
    scene.suffer(f"The VM {scene.student['vm']} is starting.")


@BOOK.scenario(
    "vm-agent-silent", "The VM's agent does not report", seconds=Number(None, "after so many seconds it reports again")
)
def silent(scene: Scene) -> None:
    """The machine runs and its agent says Not Ready: a Run Command ends in Failed. With seconds, it comes back."""
    vms.vm(scene, agent="Not Ready")
    scene.suffer(f"The agent of {scene.student['vm']} is not ready.")
    seconds = scene.maybe("seconds")
    if seconds is not None:
        scene.later(seconds, "agent reports", f"The agent of {scene.student['vm']} is ready.", vm=scene.vm_id)


@later.step("agent reports")
def reports(cloud: Cloud, doc: Doc) -> None:
    vm = machines.find(cloud, doc["data"]["vm"])
    if vm is not None:
        machines.save(cloud, {**vm, "agent": "Ready"})


@BOOK.scenario("vm-identity-off", "The VM's system-assigned identity is off")
def identity_off(scene: Scene) -> None:
    """The machine has no identity: its metadata service answers 400, Identity not found."""
    vms.identity_off(scene)
    scene.did(f"The system-assigned identity of {scene.student['vm']} is off.")


@BOOK.scenario("vm-user-identity-only", "The VM has a user-assigned identity only")
def user_identity_only(scene: Scene) -> None:
    """Its own identity is off, and id-lab, a user-assigned one, is on: tokens are for that."""
    vms.identity_off(scene)
    vms.with_user_identity(scene)
    scene.did(f"{scene.student['vm']} has the user-assigned identity {vms.USER_IDENTITY}, and none of its own.")


@BOOK.scenario("vm-linux", "The VM runs Linux")
def linux(scene: Scene) -> None:
    """PowerShell cannot be run on it: Run Command refuses RunPowerShellScript."""
    vms.vm(scene, osType="Linux")
    scene.suffer(f"The VM {scene.student['vm']} runs Linux.")
