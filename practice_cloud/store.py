"""The practice cloud's file database: JSON documents under a kind and a key.

One connection, used from the one event-loop thread. Every call is on disk when it
returns: WAL with ``synchronous=NORMAL`` loses nothing when the process is killed.
Keys are compared as they are; where Azure ignores case, callers lower them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Doc = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    kind TEXT NOT NULL, key TEXT NOT NULL, owner TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS document_owner ON document (kind, owner, key);
"""
_PAST_EVERY_KEY = "\U0010ffff"


class Store:
    """``owner`` is the subscription id a document belongs to ("" for none): what keeps students apart."""

    def __init__(self, path: Path | str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_SCHEMA}")
        if str(path) != ":memory:":
            Path(path).chmod(0o600)

    def get(self, kind: str, key: str) -> Doc | None:
        """A fresh copy: changing it changes nothing until it is put."""
        row = self._db.execute("SELECT body FROM document WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        return None if row is None else json.loads(row[0])

    def put(self, kind: str, key: str, doc: Doc, *, owner: str = "") -> None:
        self._db.execute(
            "INSERT INTO document (kind, key, owner, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET owner = excluded.owner, body = excluded.body",
            (kind, key, owner, json.dumps(doc, separators=(",", ":"))),
        )

    def delete(self, kind: str, key: str) -> bool:
        """Whether there was anything to delete."""
        return self._db.execute("DELETE FROM document WHERE kind = ? AND key = ?", (kind, key)).rowcount > 0

    def list(self, kind: str, *, owner: str | None = None, prefix: str = "") -> list[Doc]:
        """All documents of a kind, of one owner if named, whose key begins with ``prefix``, ordered by key."""
        where, values = "kind = ?", [kind]
        if owner is not None:
            where, values = where + " AND owner = ?", [*values, owner]
        if prefix:
            where, values = where + " AND key >= ? AND key < ?", [*values, prefix, prefix + _PAST_EVERY_KEY]
        query = f"SELECT body FROM document WHERE {where} ORDER BY key"  # noqa: S608 - only the constants above
        return [json.loads(body) for (body,) in self._db.execute(query, values)]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing. Never await inside it; an inner block joins the outer one."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def clear(self) -> None:
        self._db.execute("DELETE FROM document")

    def close(self) -> None:
        self._db.close()
