"""Whatever a student types: an answer within the budget, never an exception."""

# ruff: noqa: E501 - words in rows

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from practice_cloud.vm import Limits
from practice_cloud.vm.words import words
from tests.practice.powershell.samples import SAMPLES
from tests.practice.powershell.world import LAB_SCRIPT, PROOF_SCRIPT, Network, run

pytestmark = pytest.mark.thorough

LIMITS = Limits(steps=3_000, output=20_000, string=20_000, array=2_000, allocated=400_000, http_calls=5, seconds=2)

PIECES = words(
    """
    $x = 1 | ; { } ( ) @( @{ } [ ] , . .. + - * / % ! = += ++ -- -eq -ne -gt -like -match -replace -split -join -f -in -is
    -as -contains -and -or -not "a$x" 'b' "$(1)" @' '@ $_ $null $true $args $h.k $a[0] $a[-1] [int] [string] [datetime]
    [char] [byte[]] [array] [pscustomobject] [ordered] [convert]::ToBase64String( [math]::Round( [guid]::NewGuid()
    [text.encoding]::UTF8 if else elseif while for foreach in do until switch try catch finally throw return break
    continue function param exit default & . ` Invoke-RestMethod -Uri http://169.254.169.254/ -Headers -Body -Method POST
    ConvertTo-Json ConvertFrom-Json Select-Object Where-Object ForEach-Object Sort-Object Measure-Object Format-Table
    Format-List Out-String Write-Error Write-Host New-Object Get-Date Start-Sleep -First -Last -Property -Depth -Compress
    -ErrorAction Stop .Split( .Substring( .Replace( .Length .Count .ToString( .PadLeft( .GetType() .Add( .Keys 0 1 -1
    99999999999 1e400 0x7f 2.5 1kb 'x' '{"a":[1,{"b":null}]}' '(a+)+$' '{0:N2}' '2026-01-02' '*' '\u00b2' # <# #> > :: @p
    """
)
VALUES = (
    *words(
        "$null 'abc' '' -1 2147483648 1e308*10 @() @(1,'a') @{a=1} $true (Get-Date) [int] [char]65 [guid]::Empty '\u00b2'"
    ),
    *words(
        "[datetime]::MaxValue [timespan]::FromDays(9) [pscustomobject]@{a=@{b=1}} [byte[]](1,2) {1} ([uri]'http://a')"
    ),
    *words(
        "[Text.Encoding]::UTF8 ('9'*60) [datetime]::MinValue [double]::NaN [int64]::MinValue '1e400' '{' '2026-01-02'"
    ),
)
SHAPES = (
    "$a.{m}($b)",
    "$a {o} $b",
    "[{t}]$a",
    "$a[$b]",
    "'{0,5:N2}{1:yyyy}' -f $a, $b",
    "$a | {c}",
    "{c} $a",
    "$a.{m}()",
)
METHODS = words(
    "Split Replace Substring PadLeft Add Remove Insert IndexOf AddDays AddMonths ToString Contains GetBytes"
)
OPERATORS = words("+ - * / % -eq -lt -match -split -replace -join -contains -f -is -as -band -shl -in ..")
TYPES = words(
    "int long byte char string bool datetime timespan guid uri array byte[] char[] double hashtable exception"
)
COMMANDS = words(
    "Sort-Object Measure-Object ConvertTo-Json Format-Table Format-List Out-String Get-Date ConvertFrom-Json"
)


def ends_well(script: str) -> None:
    started = time.monotonic()
    result = run(script, limits=LIMITS)
    assert time.monotonic() - started < 5
    assert len(result.stdout) <= LIMITS.output
    assert "Traceback" not in result.stderr
    assert result.stdout.encode() is not None


quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from([" ", "", "\n"]))
def test_any_row_of_words_ends_within_the_budget(row: list[str], between: str) -> None:
    ends_well(between.join(row))


@quick
@given(st.text(max_size=200))
def test_any_text_ends_within_the_budget(text: str) -> None:
    ends_well(text)


@quick
@given(
    st.sampled_from([LAB_SCRIPT, PROOF_SCRIPT, *SAMPLES]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), st.sampled_from(PIECES)), min_size=1, max_size=6),
)
def test_a_script_with_changes_anywhere_ends_within_the_budget(
    script: str, changes: list[tuple[float, int, str]]
) -> None:
    for place, removed, added in changes:
        at = int(place * len(script))
        script = script[:at] + added + script[at + removed :]
    ends_well(script)


@quick
@given(
    st.tuples(*map(st.sampled_from, (SHAPES, METHODS, OPERATORS, TYPES, COMMANDS))),
    st.sampled_from(VALUES),
    st.sampled_from(VALUES),
)
def test_any_operation_on_any_values_ends_within_the_budget(
    parts: tuple[str, str, str, str, str], left: str, right: str
) -> None:
    shape, method, operator, kind, command = parts
    for mark, part in (("{m}", method), ("{o}", operator), ("{t}", kind), ("{c}", command)):
        shape = shape.replace(mark, part)
    ends_well(f"$a = {left}\n$b = {right}\n{shape}")


def test_a_network_that_fails_in_any_known_way_is_an_error_of_the_script() -> None:
    result = run("irm https://nowhere.example/; 'after'", network=Network())
    assert "The remote name could not be resolved: 'nowhere.example'" in result.stderr
    assert result.stdout == "after\n"
