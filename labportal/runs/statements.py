"""The statements that every sitting ends with, written out.

The ORM takes several times longer to make them than the database to run them, and attempts that are checked together
wait for each other's. Here each is made once and sent with other values, in words that SQLite (from 3.35) and
PostgreSQL share. A test compares their columns with the models'. The caller has the transaction.
"""

# ruff: noqa: S608 - what is put together is this file's own names; every value goes as a parameter

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from labportal.runs.models import Attempt, TaskResult

EVENT = ("attempt_id", "kind", "step_id", "text", "detail")
_FOUND = ("wanted", "found", "next_step", "sources", "choices")
EVIDENCE = ("attempt_id", "check_id", "position", "title", "verdict", "reason", *_FOUND)
_DONE = ("completed_by_id", "provenance", "completed_at")
_NOT_YET_SO = ("portal_changed", "portal_repaired", "hints_seen", "own_only", "counts_from")
RESULT = ("session_id", "task_id", *_DONE, *_NOT_YET_SO)


def add_events(rows: Sequence[Sequence[Any]]) -> int:
    """Stores rows of ``EVENT`` in their order; the id of the last."""
    with connection.cursor() as cursor:
        cursor.execute(_events(connection.vendor, len(rows)), _adapted(rows))
        newest: int = max(key for (key,) in cursor.fetchall())
    return newest


def keep_evidence(rows: Sequence[Sequence[Any]]) -> None:
    """Stores rows of ``EVIDENCE``; the latest look at a check replaces the one before."""
    with connection.cursor() as cursor:
        cursor.execute(_evidence(connection.vendor, len(rows)), _adapted(rows))


def end_attempt(attempt_id: int, fence: int, changes: Mapping[str, Any]) -> bool:
    """Stores the last word on an attempt that runs under that fence, ``changes`` by column; its lease and its time to
    be looked at go. False when it no longer runs so."""
    with connection.cursor() as cursor:
        sql = _end(connection.vendor, tuple(changes))
        cursor.execute(sql, [*_adapted([list(changes.values())]), attempt_id, fence])
        return bool(cursor.rowcount)


def complete(session_id: int, task_id: str, attempt_id: int, *, on_behalf: bool) -> None:
    """Marks the task as done by this attempt. The first time counts, and so does who did it by then. What was opened
    for the student to do anew stays open where the attempt was made on their behalf."""
    with connection.cursor() as cursor:
        cursor.execute(_complete(connection.vendor), [session_id, task_id, attempt_id, on_behalf])


@cache
def _events(vendor: str, rows: int) -> str:
    return f"INSERT INTO runs_attemptevent ({_names(EVENT)}, at) VALUES {_places(EVENT, rows)} RETURNING id"


@cache
def _evidence(vendor: str, rows: int) -> str:
    replaced = ", ".join(f"{name} = excluded.{name}" for name in (*EVIDENCE[2:], "at"))
    return (
        f"INSERT INTO runs_attemptevidence ({_names(EVIDENCE)}, at) VALUES {_places(EVIDENCE, rows)}"
        f" ON CONFLICT (attempt_id, check_id) DO UPDATE SET {replaced}"
    )


@cache
def _end(vendor: str, names: tuple[str, ...]) -> str:
    changes = "".join(f", {name} = %s" for name in names)
    return (
        f"UPDATE runs_attempt SET lease_until = NULL, due_at = NULL, claims = 0, finished_at = {_now()}{changes}"
        f" WHERE id = %s AND fence = %s AND state = '{Attempt.State.RUNNING.value}'"
    )


@cache
def _complete(vendor: str) -> str:
    by, mine = TaskResult.Provenance, "runs_taskresult"
    return (
        f"INSERT INTO {mine} ({_names(RESULT)}) VALUES"
        f" (%s, %s, %s, '{by.STUDENT.value}', {_now()}, FALSE, FALSE, 0, FALSE, NULL)"
        " ON CONFLICT (session_id, task_id) DO UPDATE SET"
        f" completed_by_id = COALESCE({mine}.completed_by_id, excluded.completed_by_id),"
        f" completed_at = COALESCE({mine}.counts_from, excluded.completed_at), counts_from = NULL, own_only = FALSE,"
        f" provenance = CASE WHEN {mine}.portal_changed THEN '{by.PORTAL.value}'"
        f" WHEN {mine}.portal_repaired THEN '{by.REPAIRED.value}' ELSE excluded.provenance END"
        f" WHERE {mine}.completed_at IS NULL AND NOT ({mine}.own_only AND %s)"
    )


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _places(names: tuple[str, ...], rows: int) -> str:
    return ", ".join([f"({', '.join(['%s'] * len(names))}, {_now()})"] * rows)


def _now() -> str:
    """The database's clock in its own words."""
    sql: str = Attempt.objects.all().query.get_compiler(connection=connection).compile(Now())[0]
    return sql


def _adapted(rows: Iterable[Iterable[Any]]) -> list[Any]:
    """One flat list; what is neither text nor number is JSON."""
    ops = connection.ops
    return [
        ops.adapt_json_value(value, None) if isinstance(value, dict | list) else value
        for value in chain.from_iterable(rows)
    ]
