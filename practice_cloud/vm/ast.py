"""The nodes of a parsed script. ``Span`` is where in the source a node stands, for the position lines of errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Span(NamedTuple):
    """Offsets into the script; ``end`` is exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Node:
    span: Span


@dataclass(frozen=True, slots=True)
class Constant(Node):
    value: Any


@dataclass(frozen=True, slots=True)
class Expandable(Node):
    """A double-quoted string, or a bareword with variables in it."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """``scope`` is "", "script", "global", "local", "env" or another drive, in lower case."""

    scope: str
    name: str


@dataclass(frozen=True, slots=True)
class Splat(Node):
    name: str


@dataclass(frozen=True, slots=True)
class ArrayLiteral(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ArrayExpression(Node):
    body: Block


@dataclass(frozen=True, slots=True)
class SubExpression(Node):
    body: Block


@dataclass(frozen=True, slots=True)
class Paren(Node):
    inner: Node


@dataclass(frozen=True, slots=True)
class HashLiteral(Node):
    pairs: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class ScriptBlockExpression(Node):
    body: ScriptBody


@dataclass(frozen=True, slots=True)
class Unary(Node):
    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Increment(Node):
    target: Node
    by: int
    prefix: bool


@dataclass(frozen=True, slots=True)
class TypeLiteral(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Cast(Node):
    type_name: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Member(Node):
    target: Node
    name: Node
    static: bool


@dataclass(frozen=True, slots=True)
class Invoke(Node):
    target: Node
    name: Node
    args: tuple[Node, ...]
    static: bool


@dataclass(frozen=True, slots=True)
class Index(Node):
    target: Node
    index: Node


@dataclass(frozen=True, slots=True)
class Argument:
    """One word after a command: ``parameter`` alone, ``value`` alone, or both for ``-Name:value``."""

    span: Span
    parameter: str | None = None
    value: Node | None = None


@dataclass(frozen=True, slots=True)
class Command(Node):
    """``muted`` are the streams that are sent to ``$null``: "1", "2", "*"."""

    name: Node
    args: tuple[Argument, ...]
    invoked: bool = False
    muted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline(Node):
    elements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Assign(Node):
    target: Node
    operator: str
    value: Node


@dataclass(frozen=True, slots=True)
class Block(Node):
    statements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    branches: tuple[tuple[Node, Block], ...]
    otherwise: Block | None


@dataclass(frozen=True, slots=True)
class Switch(Node):
    """``mode`` is "exact", "wildcard" or "regex"."""

    subject: Node
    mode: str
    case_sensitive: bool
    clauses: tuple[tuple[Node, Block], ...]
    default: Block | None


@dataclass(frozen=True, slots=True)
class ForEach(Node):
    variable: Variable
    source: Node
    body: Block


@dataclass(frozen=True, slots=True)
class For(Node):
    start: Node | None
    condition: Node | None
    step: Node | None
    body: Block


@dataclass(frozen=True, slots=True)
class While(Node):
    """``until`` turns the condition round; ``body_first`` is ``do {} while``."""

    condition: Node
    body: Block
    body_first: bool = False
    until: bool = False


@dataclass(frozen=True, slots=True)
class Try(Node):
    """A catch clause has the exception types it takes; none takes all."""

    body: Block
    catches: tuple[tuple[tuple[str, ...], Block], ...]
    final: Block | None


@dataclass(frozen=True, slots=True)
class Throw(Node):
    value: Node | None


@dataclass(frozen=True, slots=True)
class Leave(Node):
    """``return``, ``exit``, ``break`` or ``continue``."""

    kind: str
    value: Node | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    span: Span
    name: str
    type_name: str | None
    default: Node | None
    mandatory: bool


@dataclass(frozen=True, slots=True)
class ScriptBody(Node):
    """``begin`` and ``process`` are there only if the script names them; ``end`` holds the rest."""

    parameters: tuple[Parameter, ...]
    begin: Block | None
    process: Block | None
    end: Block


@dataclass(frozen=True, slots=True)
class Function(Node):
    name: str
    body: ScriptBody
