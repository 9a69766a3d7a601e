"""``./lab cloud scenario``, ``scenarios`` and ``lift``: a student's practice Azure into a state by name, and out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from launcher import practice
from launcher.say import Stop


def listing(state: Path) -> str:
    """Every scenario the running cloud knows, by group."""
    groups: dict[str, list[str]] = {}
    for one in practice.ask(state, "GET", "/scenarios")["scenarios"]:
        groups.setdefault(one["group"], []).append(f"  {one['id']:<34}{one['title']}")
    return "\n\n".join("\n".join([group, *lines]) for group, lines in groups.items())


def apply(state: Path, name: str | None, *, student: str | None, more: dict[str, Any], given: Sequence[str]) -> str:
    """What was changed, for that student or a fresh one; ``more`` are names and when. Raises Stop."""
    if name is None:
        raise Stop("Say which: ./lab cloud scenario NAME. ./lab cloud scenarios lists them.")
    subscription = student or practice.student(state)["subscription_id"]
    body = {"name": name, "parameters": parameters(given), **more}
    told = practice.ask(state, "POST", f"/students/{subscription}/scenarios", body)
    later = [f"In {one['in_seconds']:g} s: {one['what']}" for one in told["later"]]
    return _lines(
        f"{told['title']} ({name})",
        f"student {subscription}, vault {told['vault']}, secret {told['secret']}",
        *told["changed"],
        *later,
    )


def lift(state: Path, student: str | None) -> str:
    """What ended and what stays. Raises Stop."""
    if student is None:
        raise Stop("Say whose: ./lab cloud lift --student SUBSCRIPTION, or --key KEY")
    told = practice.ask(state, "DELETE", f"/students/{student}/scenarios")
    stays = [f"Stays as it was made: {sentence}" for sentence in told["stays"]]
    return _lines(f"student {student}", *(told["lifted"] or ["There was nothing to lift."]), *stays)


def parameters(given: Sequence[str]) -> dict[str, Any]:
    """``seconds=30`` as a scenario takes it. Raises Stop."""
    found: dict[str, Any] = {}
    for word in given:
        name, equals, value = word.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            raise Stop(f"--set {word}: write a name and a number, as in --set seconds=30") from None
        if not equals or not name:
            raise Stop(f"--set {word}: write a name and a number, as in --set seconds=30")
    return found


def _lines(head: str, *rest: str) -> str:
    return "\n  ".join([head, *rest])
