"""What writes and what formats: Write-*, Out-*, Format-*."""

from __future__ import annotations

from practice_cloud.vm import members
from practice_cloud.vm.convert import to_text
from practice_cloud.vm.evaluator.invocation import Invocation, Param, cmdlet
from practice_cloud.vm.formatting import WIDTH, default_lines, property_list, structured, table
from practice_cloud.vm.patterns import like
from practice_cloud.vm.signals import unsupported
from practice_cloud.vm.values import (
    DictionaryEntry,
    ErrorRecord,
    Formatted,
    Hashtable,
    NetException,
    ScriptBlock,
    Value,
)

_MESSAGE = Param("Message", position=0)
_WRITE_ERROR = "Microsoft.PowerShell.Commands.WriteErrorException"


@cmdlet("Write-Output", Param("InputObject", position=0, rest=True), Param("NoEnumerate", switch=True))
async def write_output(call: Invocation) -> None:
    if call.flag("NoEnumerate") and call.given is None:
        call.write(call.get("InputObject"))
        return
    for item in call.objects():
        call.write(item)


@cmdlet(
    "Write-Host",
    Param("Object", position=0, rest=True),
    Param("NoNewline", switch=True),
    Param("Separator"),
    Param("ForegroundColor", aliases=("fore",)),
    Param("BackgroundColor"),
)
async def write_host(call: Invocation) -> None:
    separator = call.text("Separator", " ")
    for item in call.given if call.given is not None else [call.get("Object")]:
        items = item if isinstance(item, list) else [item]
        text = separator.join(to_text(each) for each in items)
        call.runtime.host.write(text + ("" if call.flag("NoNewline") else "\n"))


@cmdlet("Write-Warning", _MESSAGE)
async def write_warning(call: Invocation) -> None:
    chosen = call.get("WarningAction", call.runtime.scope.read("", "WarningPreference"))
    if to_text(chosen).lower() not in ("silentlycontinue", "ignore"):
        for item in call.objects("Message"):
            call.runtime.host.write(f"WARNING: {to_text(item)}\n")


def _quiet_stream(name: str, label: str) -> None:
    """Write-Verbose and Write-Debug: shown when the switch or the preference says so."""

    @cmdlet(f"Write-{name}", _MESSAGE)
    async def write(call: Invocation) -> None:
        chosen = to_text(call.runtime.scope.read("", f"{name}Preference")).lower()
        if call.flag(name) or chosen == "continue":
            for item in call.objects("Message"):
                call.runtime.host.write(f"{label}: {to_text(item)}\n")


_quiet_stream("Verbose", "VERBOSE")
_quiet_stream("Debug", "DEBUG")


@cmdlet("Write-Information", Param("MessageData", position=0), Param("Tags", position=1))
async def write_information(call: Invocation) -> None:
    chosen = to_text(call.runtime.scope.read("", "InformationPreference")).lower()
    if chosen == "continue":
        call.runtime.host.write(f"{call.text('MessageData')}\n")


@cmdlet(
    "Write-Progress",
    Param("Activity", position=0),
    Param("Status", position=1),
    Param("Id"),
    Param("PercentComplete"),
    Param("CurrentOperation"),
    Param("Completed", switch=True),
)
async def write_progress(call: Invocation) -> None:
    return None


@cmdlet(
    "Write-Error",
    _MESSAGE,
    Param("Exception"),
    Param("ErrorRecord"),
    Param("ErrorId"),
    Param("Category"),
    Param("TargetObject"),
)
async def write_error(call: Invocation) -> None:
    record = next(
        (each for each in (call.get("ErrorRecord"), call.get("Message")) if isinstance(each, ErrorRecord)), None
    )
    call.runtime.report(record or _error_record(call), call.action)


def _error_record(call: Invocation) -> ErrorRecord:
    given = call.get("Exception")
    message = to_text(call.objects("Message")[0]) if call.objects("Message") else ""
    exception = given if isinstance(given, NetException) else NetException(_WRITE_ERROR, message)
    category = call.text("Category", "NotSpecified")
    error_id = call.text("ErrorId", exception.type_name)
    shown = f"{category}: (:) [Write-Error], {exception.type_name.rpartition('.')[2]}"
    details = message if isinstance(given, NetException) and message else None
    return ErrorRecord(exception, shown, error_id, call.get("TargetObject"), details, "Write-Error", call.span)


@cmdlet("Out-Null", Param("InputObject"))
async def out_null(call: Invocation) -> None:
    return None


@cmdlet("Out-Host", Param("InputObject"))
async def out_host(call: Invocation) -> None:
    for item in call.objects():
        call.runtime.host.append(item)
    call.runtime.host.flush()


@cmdlet("Out-String", Param("InputObject"), Param("Width"), Param("Stream", switch=True))
async def out_string(call: Invocation) -> None:
    width = max(2, min(call.count("Width", WIDTH), 10_000))
    lines = default_lines(call.objects(), call.runtime.budget, width)
    if call.flag("Stream"):
        for line in lines:
            call.write(line)
        return
    text = "".join(line + "\r\n" for line in lines)
    call.runtime.budget.text(len(text))
    call.write(text)


_FORMAT = (
    Param("Property", position=0, rest=True),
    Param("InputObject"),
    Param("AutoSize", switch=True),
    Param("Wrap", switch=True),
    Param("HideTableHeaders", switch=True),
)


@cmdlet("Format-Table", *_FORMAT, foreign=("GroupBy", "View", "ShowError", "DisplayError", "Force", "Expand"))
async def format_table(call: Invocation) -> None:
    values = _values(call)
    shown = [value for value in values if structured(value)]
    if not shown:
        _plain(call, values)
        return
    lines = table(shown, _properties(call, shown[0]) or members.names(shown[0]), call.runtime.budget)
    call.write(Formatted(lines[3:] if call.flag("HideTableHeaders") else lines))


@cmdlet("Format-List", *_FORMAT[:2], foreign=("GroupBy", "View", "ShowError", "DisplayError", "Force", "Expand"))
async def format_list(call: Invocation) -> None:
    values = _values(call)
    shown = [value for value in values if structured(value)]
    if not shown:
        _plain(call, values)
        return
    call.write(Formatted(property_list(shown, _properties(call, shown[0]), call.runtime.budget)))


def _values(call: Invocation) -> list[Value]:
    """The input; a hashtable as its entries."""
    found: list[Value] = []
    for value in call.objects():
        if isinstance(value, Hashtable):
            found += [DictionaryEntry(key, item) for key, item in value.items()]
        else:
            found += value if isinstance(value, list) else [value]
    call.runtime.budget.array(len(found))
    return found


def _plain(call: Invocation, values: list[Value]) -> None:
    for value in values:
        call.write(value)


def _properties(call: Invocation, first: Value) -> list[str] | None:
    """The names that -Property asks for, wildcards resolved; None where it was not given."""
    if not call.has("Property"):
        return None
    given = call.get("Property")
    chosen: list[str] = []
    for item in given if isinstance(given, list) else [given]:
        if isinstance(item, Hashtable | ScriptBlock):
            raise unsupported(f"calculated properties in {call.name}; make them with Select-Object", command=call.name)
        name = to_text(item)
        known = [each for each in members.names(first) if like(each, name)]
        chosen += [each for each in known or [name] if each not in chosen]
    return [name for name in chosen if "*" not in name] or None
