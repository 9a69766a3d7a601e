"""ConvertTo-Json and ConvertFrom-Json."""

from __future__ import annotations

from practice_cloud.vm.cmdlets.json_read import JsonProblem, parse_json
from practice_cloud.vm.cmdlets.json_write import JsonWriter
from practice_cloud.vm.convert import to_text
from practice_cloud.vm.evaluator.invocation import Invocation, Param, binding_failed, cmdlet
from practice_cloud.vm.signals import failed

_DEFAULT_DEPTH = 2
_MAX_DEPTH = 100


@cmdlet(
    "ConvertTo-Json",
    Param("InputObject", position=0),
    Param("Depth"),
    Param("Compress", switch=True),
)
async def convert_to_json(call: Invocation) -> None:
    depth = call.count("Depth", _DEFAULT_DEPTH)
    if not 1 <= depth <= _MAX_DEPTH:
        raise binding_failed(
            call.name,
            f"Cannot validate argument on parameter 'Depth'. {depth} is out of the range 1 to {_MAX_DEPTH}.",
            "ParameterArgumentValidationError",
        )
    if call.given is not None:
        if not call.given:
            return
        value = call.given[0] if len(call.given) == 1 else call.given
    else:
        value = call.get("InputObject")
    writer = JsonWriter(depth=depth, compress=call.flag("Compress"), budget=call.runtime.budget)
    call.write(writer.write(value))


@cmdlet("ConvertFrom-Json", Param("InputObject", position=0))
async def convert_from_json(call: Invocation) -> None:
    texts = [to_text(item) for item in call.objects()]
    text = "\r\n".join(texts)
    if not text.strip():
        raise binding_failed(
            call.name,
            "Cannot bind argument to parameter 'InputObject' because it is an empty string.",
            "ParameterArgumentValidationErrorEmptyStringNotAllowed",
        )
    try:
        call.write(parse_json(text, call.runtime.budget))
    except JsonProblem as problem:
        raise failed(
            str(problem),
            "System.ArgumentException,Microsoft.PowerShell.Commands.ConvertFromJsonCommand",
            category=f"NotSpecified: (:) [{call.name}], ArgumentException",
            type_name="System.ArgumentException",
            command=call.name,
        ) from problem
