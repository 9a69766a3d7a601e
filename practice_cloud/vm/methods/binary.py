"""Methods of what turns text into bytes and back: encodings, hashes, builders, streams."""

from __future__ import annotations

import hashlib
import hmac

from practice_cloud.vm.arithmetic import whole
from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import to_number, to_text
from practice_cloud.vm.methods.shared import Method, bad_call
from practice_cloud.vm.values import Builder, Encoding, Hasher, Reader, Value


def byte_string(value: Value, method: str) -> bytes:
    """A byte[] argument; numbers in an array become bytes as .NET would make them."""
    if isinstance(value, bytes):
        return value
    items = value if isinstance(value, list) else [value]
    numbers = [to_number(item) for item in items]
    if any(not 0 <= number <= 255 or number != number // 1 for number in numbers):
        raise bad_call(method, "Value was either too large or too small for an unsigned byte.", "OverflowException")
    return bytes(int(number) for number in numbers)


def _there(value: Value, method: str, parameter: str) -> None:
    """``$null`` is taken for an array, whatever forms the method has besides."""
    if value is None:
        raise bad_call(method, f"Array cannot be null.\r\nParameter name: {parameter}", "ArgumentNullException")


def _get_bytes(value: Encoding, args: list[Value], budget: Budget) -> bytes:
    _there(args[0], "GetBytes", "chars")
    text = to_text(args[0])
    budget.text(len(text) * 2)
    return text.encode(value.codec, "replace")


def _get_string(value: Encoding, args: list[Value], budget: Budget) -> str:
    _there(args[0], "GetString", "bytes")
    data = byte_string(args[0], "GetString")
    budget.text(len(data))
    if len(args) == 3:
        start, count = whole(args[1]), whole(args[2])
        if start < 0 or count < 0 or start + count > len(data):
            raise bad_call("GetString", "Index and count must refer to a location within the buffer.")
        data = data[start : start + count]
    return data.decode(value.codec, "replace")


def _compute_hash(value: Hasher, args: list[Value], budget: Budget) -> bytes:
    data = byte_string(args[0], "ComputeHash")
    budget.work(len(data))
    if value.key is not None:
        return hmac.digest(value.key, data, value.digest)
    return hashlib.new(value.digest, data, usedforsecurity=False).digest()


def _append(value: Builder, args: list[Value], budget: Budget, *, tail: str = "") -> Builder:
    text = (to_text(args[0]) if args else "") + tail
    budget.text(len(text))
    budget.array_limit(len(value.parts) + 1)
    value.parts.append(text)
    return value


def _nothing(value: Value, args: list[Value], budget: Budget) -> None:
    return None


ENCODING: dict[str, Method] = {"getbytes": _get_bytes, "getstring": _get_string}
HASHER: dict[str, Method] = {"computehash": _compute_hash, "dispose": _nothing}
BUILDER: dict[str, Method] = {
    "append": _append,
    "appendline": lambda value, args, budget: _append(value, args, budget, tail="\r\n"),
}
READER: dict[str, Method] = {
    "readtoend": lambda value, args, budget: value.rest(),
    "seek": _nothing,
    "close": _nothing,
    "dispose": _nothing,
}
RESPONSE: dict[str, Method] = {
    "getresponsestream": lambda value, args, budget: Reader(value.body),
    "getresponseheader": lambda value, args, budget: value.headers.get(to_text(args[0])) or "",
    "close": _nothing,
    "dispose": _nothing,
}
