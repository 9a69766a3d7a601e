"""All that a script can reach, with every kind of value: an answer or PowerShell's error, never Python's."""

# ruff: noqa: E501 - values in rows; the tables are what is tested

from __future__ import annotations

from itertools import chain

import pytest

from practice_cloud.vm import Limits, casts, constructors, members, methods, statics
from practice_cloud.vm.evaluator.invocation import CMDLETS
from practice_cloud.vm.parser.expressions import LEVELS
from tests.practice.powershell.world import run

pytestmark = pytest.mark.thorough

VALUES = (
    "$null", "'abc'", "''", "-1", "3", "2147483648", "(1e308 * 10)", "@()", "@(1, 'a')", "@{a = 1}", "[ordered]@{b = 2}",
    "$true", "(Get-Date)", "[int]", "[char]65", "[char]0xD800", "[guid]::Empty", "'\u00b2'", "('9' * 60)", "'{'", "'2026-01-02'",
    "[datetime]::MaxValue", "[datetime]::MinValue", "[timespan]::FromDays(10675199)", "[double]::NaN", "[int64]::MinValue",
    "([pscustomobject]@{a = @{b = 1}})", "([byte[]](1, 2))", "{ 1 }", "([uri]'http://a/b?c')", "[Text.Encoding]::UTF8",
    "(New-Object Collections.ArrayList)", "(New-Object Text.StringBuilder)", "(New-Object Exception 'x')",
    "(New-Object Security.Cryptography.HMACSHA256)", "$PSVersionTable.PSVersion",
)  # fmt: skip
OTHERS = ("$null", "'abc'", "-1", "9223372036854775807", "@(1, 'a')")
FORMATS = ("N2", "X", "D3", "yyyy", "P", "C", "0.00", "#,##0.##", "o", "hh\\:mm")
LIMITS = Limits(steps=200_000, string=20_000, array=2_000, allocated=16_000_000, seconds=20)


def every_use_of_one() -> list[str]:
    uses = [f"[{kind}]($a); $a -is [{kind}]; $a -as [{kind}]" for kind in casts._CASTS]
    uses += [f"$a.{name}; $a.{name} = 1" for name in set(chain.from_iterable(members._PROPERTIES.values()))]
    uses += [f"'{{0:{form}}}' -f $a; $a.ToString('{form}')" for form in FORMATS]
    uses += [f"$a | {name}; {name} $a" for name in commands()]
    uses += [f"{name} -{param} $a; 1, 'x', @{{a = 2}} | {name} -{param} $a" for name, param in parameters()]
    uses += ["if ($a) { 1 }", "switch ($a) { 'abc' { 1 } 3 { 2 } }", "foreach ($x in $a) { $x }", "& $a", "$a++", "-$a"]
    uses += ["-join $a", "-split $a", '"$a"', "$a[$a]; $a[0] = 1", "irm $a", "try { throw $a } catch { $_ | fl }"]
    return uses


def every_use_of_two() -> list[str]:
    names = set(chain.from_iterable(methods._METHODS.values())) | set(methods._COMMON)
    uses = [f"$a.{name}(); $a.{name}($b); $a.{name}($b, $b)" for name in sorted(names)]
    return uses + [f"$a {operator} $b" for operator in chain.from_iterable(LEVELS)]


def commands() -> list[str]:
    return [cmdlet.signature.name for cmdlet in CMDLETS.values() if cmdlet.signature.name != "Start-Sleep"]


def parameters() -> list[tuple[str, str]]:
    return [(name, param.name) for name in commands() for param in CMDLETS[name.lower()].signature.params]


def ends_well(uses: list[str], prepared: str) -> None:
    """All uses in one script, each with the values afresh; one by one where a limit ended the script early."""
    whole = run("\n".join(f"{prepared}; {use}" for use in uses), limits=LIMITS)
    for use in uses if "PracticeVmLimit" in whole.stderr else ():
        run(f"{prepared}; {use}", limits=LIMITS)


@pytest.mark.parametrize("value", VALUES)
def test_every_cast_property_format_and_cmdlet_takes_every_value(value: str) -> None:
    ends_well(every_use_of_one(), f"$a = {value}")


@pytest.mark.parametrize("value", VALUES)
def test_every_method_and_operator_takes_every_pair_of_values(value: str) -> None:
    uses = every_use_of_two()
    for other in OTHERS:
        ends_well(uses, f"$a = {value}; $b = {other}")


def test_every_static_member_and_constructor_takes_every_value() -> None:
    calls = [f"[{kind}]::{name}" for kind, table in statics.METHODS.items() for name in table]
    calls += [f"[{kind}]::new" for kind in constructors._NEW]
    for value in VALUES:
        ends_well([f"{call}(); {call}($a); {call}($a, $a); {call}('a', $a, $a)" for call in calls], f"$a = {value}")
