"""One measured figure, and the table they make."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """``bound`` is what the value is held against, in the same unit; ``at_most`` says on which side it must stay.

    Without a bound the figure is only reported.
    """

    name: str
    value: float
    unit: str
    bound: float | None = None
    bound_is: str = ""
    at_most: bool = True

    @property
    def holds(self) -> bool | None:
        if self.bound is None:
            return None
        return self.value <= self.bound if self.at_most else self.value >= self.bound


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: a value that was really measured."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def table(figures: Sequence[Figure]) -> str:
    words = {True: "holds", False: "MISSED", None: ""}
    rows = [("figure", "value", "bound", "", "what the bound is")]
    for figure in figures:
        side = "<=" if figure.at_most else ">="
        bound = "" if figure.bound is None else f"{side} {figure.bound:,.1f} {figure.unit}"
        value = f"{figure.value:,.1f} {figure.unit}"
        rows.append((figure.name, value, bound, words[figure.holds], figure.bound_is))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def save(figures: Sequence[Figure], path: Path) -> None:
    path.write_text(json.dumps([asdict(figure) | {"holds": figure.holds} for figure in figures], indent=2) + "\n")
