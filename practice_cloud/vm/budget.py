"""What one script may use up. Nothing a script does is free, and every limit ends in an error that names it."""

from __future__ import annotations

import time
from dataclasses import dataclass


class BudgetExceeded(Exception):
    """A limit of the practice VM was reached. No ``try``/``catch``/``finally`` of the script sees this."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes are in characters, elements or calls; ``seconds`` is wall time."""

    steps: int = 400_000
    output: int = 256 * 1024
    string: int = 1024 * 1024
    array: int = 100_000
    allocated: int = 32 * 1024 * 1024
    script: int = 64 * 1024
    functions: int = 150
    frames: int = 3_000
    http_calls: int = 60
    seconds: float = 120.0


class Budget:
    """Counts down while one script runs."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.steps = 0
        self._next_look = 0
        self._allocated = 0
        self._output = 0
        self._http_calls = 0
        self._deadline = time.monotonic() + self.limits.seconds

    def step(self, frames: int = 0) -> None:
        """Count one step of evaluation with ``frames`` evaluations open."""
        self.steps += 1
        if self.steps > self.limits.steps:
            raise BudgetExceeded(f"The script took more than {self.limits.steps} steps. Does a loop never end?")
        if frames > self.limits.frames:
            raise BudgetExceeded("The script failed due to call depth overflow.")
        if self.steps >= self._next_look:
            self._next_look = self.steps + 64
            self.remaining()

    def work(self, amount: int) -> None:
        """Count a piece of work that costs as much as ``amount`` elements handled."""
        self.steps += amount // 16
        self.step()

    def functions(self, depth: int) -> None:
        if depth > self.limits.functions:
            raise BudgetExceeded("The script failed due to call depth overflow.")

    def text(self, length: int) -> None:
        """Check, before it is made, that a string of ``length`` characters may exist."""
        self.text_limit(length)
        self._allocate(length)

    def text_limit(self, length: int) -> None:
        """Check the length alone, of a string that is being put together."""
        if length > self.limits.string:
            raise BudgetExceeded(f"A string may hold {self.limits.string} characters on the practice VM.")

    def array(self, length: int) -> None:
        """Check, before it is made, that an array of ``length`` elements may exist."""
        self.array_limit(length)
        self._allocate(length * 8)
        self.work(length)

    def array_limit(self, length: int) -> None:
        """Check the length alone, of an array that grows by one."""
        if length > self.limits.array:
            raise BudgetExceeded(f"An array may hold {self.limits.array} elements on the practice VM.")

    def output(self, length: int) -> None:
        self._output += length
        if self._output > self.limits.output:
            raise BudgetExceeded(f"The script wrote more than {self.limits.output} characters.")

    def http_call(self) -> None:
        self._http_calls += 1
        if self._http_calls > self.limits.http_calls:
            raise BudgetExceeded(f"The script made more than {self.limits.http_calls} web requests.")

    def remaining(self) -> float:
        """Seconds left; raises when there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise BudgetExceeded(f"The script ran for more than {self.limits.seconds:g} seconds.")
        return left

    def _allocate(self, amount: int) -> None:
        self._allocated += amount
        if self._allocated > self.limits.allocated:
            raise BudgetExceeded("The script used more memory than the practice VM gives to one script.")
