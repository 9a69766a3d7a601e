"""``New-Object`` and ``[Type]::new()``: a closed list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from practice_cloud.vm.arithmetic import whole
from practice_cloud.vm.budget import Budget
from practice_cloud.vm.casts import cast
from practice_cloud.vm.convert import to_text
from practice_cloud.vm.hashes import HMACS, hasher
from practice_cloud.vm.methods.binary import byte_string
from practice_cloud.vm.methods.shared import bad_call
from practice_cloud.vm.signals import failed, short_name, unsupported
from practice_cloud.vm.textops import join
from practice_cloud.vm.values import (
    ArrayList,
    Builder,
    Encoding,
    GenericList,
    Hasher,
    Hashtable,
    NetException,
    Reader,
    Value,
)

Args = list[Value]
Static = Callable[[Args, Budget], Value]
DATE_MIN = datetime(1, 1, 1)  # noqa: DTZ001 - .NET's "unspecified" kind


def _reader(args: Args, budget: Budget) -> Reader:
    if not isinstance(args[0], Reader):
        raise unsupported("a StreamReader of anything but a response's stream")
    return args[0]


def _new_date(args: Args, budget: Budget) -> datetime:
    parts = [whole(arg) for arg in args[:6]]
    try:
        # mypy cannot count the parts, and they have no zone on purpose
        return datetime(*parts) if len(parts) > 2 else DATE_MIN  # type: ignore[arg-type]  # noqa: DTZ001
    except (ValueError, OverflowError):
        raise bad_call(".ctor", "Year, Month, and Day parameters describe an un-representable DateTime.") from None


def _new_span(args: Args, budget: Budget) -> timedelta:
    numbers = [whole(arg) for arg in args]
    try:
        if len(numbers) == 3:
            return timedelta(hours=numbers[0], minutes=numbers[1], seconds=numbers[2])
        return timedelta(*((numbers[0], numbers[3], 0, 0, numbers[2], numbers[1]) if len(numbers) == 4 else ()))
    except OverflowError:
        raise bad_call(".ctor", "TimeSpan overflowed.", "OverflowException") from None


def _new_string(args: Args, budget: Budget) -> str:
    if len(args) == 2 and isinstance(args[0], str):
        budget.text(max(whole(args[1]), 0))
        return args[0][:1] * whole(args[1])
    return join(args[0] if isinstance(args[0], list) else args, "", budget)


def _hmac(name: str) -> Static:
    def make(args: Args, budget: Budget) -> Hasher:
        key = byte_string(args[0], ".ctor") if args else uuid4().bytes * 4
        return Hasher(f"System.Security.Cryptography.{name}", HMACS[name], key)

    return make


def _list(args: Args, budget: Budget) -> ArrayList:
    return ArrayList(args[0] if args and isinstance(args[0], list) else ())


def _generic_list(args: Args, budget: Budget) -> GenericList:
    return GenericList(_list(args, budget))


_NEW: dict[str, Static] = {
    "System.Object": lambda args, budget: cast("pscustomobject", Hashtable(), budget),
    "System.Management.Automation.PSObject": lambda args, budget: cast("pscustomobject", Hashtable(), budget),
    "System.Management.Automation.PSCustomObject": lambda args, budget: cast("pscustomobject", Hashtable(), budget),
    "System.Collections.ArrayList": _list,
    "System.Collections.Generic.List[System.Object]": _generic_list,
    "System.Collections.Generic.List[System.String]": _generic_list,
    "System.Collections.Hashtable": lambda args, budget: Hashtable(),
    "System.Collections.Specialized.OrderedDictionary": lambda args, budget: Hashtable(ordered=True),
    "System.Text.StringBuilder": lambda args, budget: Builder([to_text(args[0])] if args else []),
    "System.Text.UTF8Encoding": lambda args, budget: Encoding("utf-8"),
    "System.IO.StreamReader": _reader,
    "System.Uri": lambda args, budget: cast("uri", args[0], budget),
    "System.DateTime": _new_date,
    "System.TimeSpan": _new_span,
    "System.Guid": lambda args, budget: cast("guid", args[0], budget) if args else UUID(int=0),
    "System.String": _new_string,
    **{f"System.Security.Cryptography.{name}": _hmac(name) for name in HMACS},
    "System.Security.Cryptography.SHA256Managed": lambda args, budget: hasher("SHA256Managed"),
}


def new_object(type_name: str, args: Args, budget: Budget) -> Value:
    """``[Type]::new(args)`` and ``New-Object Type args``."""
    if type_name.endswith("Exception"):
        inner = args[1] if len(args) > 1 and isinstance(args[1], NetException) else None
        message = to_text(args[0]) if args else f"Exception of type '{type_name}' was thrown."
        return NetException(type_name, message, inner)
    maker = _NEW.get(type_name)
    if maker is None:
        raise unsupported(f"making objects of the type [{short_name(type_name)}]")
    try:
        return maker(args, budget)
    except IndexError:
        raise failed(
            f"A constructor was not found. Cannot find an appropriate constructor for type {type_name}.",
            "CannotFindAppropriateCtor,Microsoft.PowerShell.Commands.NewObjectCommand",
            category="ObjectNotFound: (:) [New-Object], PSArgumentException",
        ) from None
