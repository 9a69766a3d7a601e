"""Run Command: runs the script it is given on the machine, one at a time, and keeps what came of it.

The script runs in a task of the event loop; the outcome is on disk before anyone can see it. A
command whose process was killed ends in Failed when the cloud is started again: nobody knows how
far it came, and saying so is the truth.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from typing import TYPE_CHECKING, Any

import httpx
from starlette.responses import Response

from practice_cloud import machines, operations
from practice_cloud.arm.vms import commands, handlers, way_out
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc
from practice_cloud.vm import run_script

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

log = logging.getLogger(__name__)
KIND = operations.RUN_COMMAND
LAST_BYTES = 4096
INTERRUPTED = (
    "The command was interrupted: the practice cloud stopped while it ran. How far the script came is not known."
)
_running: set[asyncio.Task[None]] = set()


async def invoke(call: Call) -> Response:
    """202 at once, with an operation to poll.

    Raises AzureError 409 while the machine is not running or another command is; 400 for no script and for a command
    of another system, 404 for one that there is not, 501 for those that are not run here.
    """
    doc, body = handlers.changeable(call, handlers.named(call)), await call.body()
    script, parameters = _script(doc, body), _parameters(body)
    if doc["powerState"] != "running":
        raise AzureError(409, "OperationNotAllowed", "Cannot modify extensions in the VM when the VM is not running.")
    if operations.in_progress(call.cloud, call.sid, KIND, doc["id"]):
        raise AzureError(
            409,
            "Conflict",
            "Run command extension execution is in progress. Please wait for completion before invoking a run command.",
        )
    seconds = call.cloud.timings_of(call.sid).run_command
    operation = operations.start(call.cloud, call.sid, KIND, doc["id"], seconds=seconds, by_clock=False)
    task = asyncio.create_task(_run(call.cloud, operation, doc, script, parameters))
    _running.add(task)
    task.add_done_callback(_running.discard)
    return Response(status_code=202, headers=handlers.where(call, doc["location"], operation))


def _script(vm: Doc, body: Doc) -> str:
    asked = str(body.get("commandId") or "")
    if not asked:
        raise AzureError(400, "InvalidParameter", "Required parameter 'commandId' is missing (null).")
    command = commands.find(asked)
    if command["osType"] != vm["osType"]:  # the words are assumed
        raise AzureError(400, "InvalidParameter", f"The command '{asked}' is not supported on {vm['osType']}.")
    if command["id"] != "RunPowerShellScript":
        raise AzureError(
            501,
            "NotImplementedByPracticeCloud",
            f"The practice cloud runs RunPowerShellScript only, and '{asked}' was asked for.",
        )
    lines = body.get("script")
    if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
        raise AzureError(400, "InvalidParameter", "'script' must be a list of lines.")
    return "\n".join(lines)


def _parameters(body: Doc) -> dict[str, str]:
    """``[{"name", "value"}]`` as a mapping."""
    sent: Any = body.get("parameters") or []
    if not isinstance(sent, list) or not all(isinstance(one, dict) and "name" in one for one in sent):
        raise AzureError(400, "InvalidParameter", "'parameters' must be a list of names and values.")
    return {str(one["name"]): str(one.get("value", "")) for one in sent}


async def _run(cloud: Cloud, operation: Doc, vm: Doc, script: str, parameters: dict[str, str]) -> None:
    """Run the script and keep the outcome. It takes at least the time Azure's agent takes to be asked."""
    try:
        await asyncio.sleep(cloud.timings_of(vm["subscriptionId"]).run_command)
        outcome = await _executed(cloud, vm, script, parameters)
    except Exception as error:  # noqa: BLE001 - whatever it is, the operation must end; the log says where it was
        # Not the error's own words: they may repeat what the script had in hand.
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.error("run command failed on %s with %s\n%s", vm["name"], type(error).__qualname__, frames)  # noqa: TRY400
        outcome = _failed(
            "InternalExecutionError", "An internal execution error occurred in the practice cloud. Please retry later."
        )
    if cloud.store.get("operation", operation["id"]) is None:
        return  # the cloud was reset meanwhile
    end = cloud.clock.now().timestamp()
    operations.save(cloud, {**operation, **outcome, "endTime": end})


async def _executed(cloud: Cloud, vm: Doc, script: str, parameters: dict[str, str]) -> Doc:
    now = machines.find(cloud, vm["id"])
    if now is None or now["powerState"] != "running":
        return _failed("OperationNotAllowed", "The VM was stopped or deleted while the command was under way.")
    if now["agent"] != "Ready":
        return _failed(
            "VMAgentStatusCommunicationError",
            f"VM '{vm['name']}' has not reported status for VM agent or extensions. Verify that the OS is up and"
            " healthy and that the VM has a running VM agent.",
        )

    async def send(request: httpx.Request) -> httpx.Response:
        way_out.pass_out(cloud, now, request)
        return await cloud.call(request, origin="vm", vm=now)

    result = await run_script(script, send=send, parameters=parameters, now=cloud.clock.now)
    return {
        "status": "Succeeded",
        "output": {"value": [_stream("StdOut", result.stdout), _stream("StdErr", result.stderr)]},
    }


def _stream(name: str, text: str) -> Doc:
    return {
        "code": f"ComponentStatus/{name}/succeeded",
        "level": "Info",
        "displayStatus": "Provisioning succeeded",
        "message": _last(text),
    }


def _last(text: str) -> str:
    """The last 4,096 bytes; a character cut in two is left out."""
    return text.encode()[-LAST_BYTES:].decode(errors="ignore")


def _failed(code: str, message: str) -> Doc:
    return {"status": "Failed", "error": {"code": code, "message": message}}


def fail_interrupted(cloud: Cloud) -> None:
    """End the commands that were running when the process last ended."""
    for doc in cloud.store.list("operation"):
        if doc["kind"] == KIND and doc["status"] == "InProgress":
            end = cloud.clock.now().timestamp()
            operations.save(cloud, {**doc, **_failed("RunCommandInterrupted", INTERRUPTED), "endTime": end})
