"""JSON in the form of 5.1, and how objects are shown."""

# ruff: noqa: E501 - a script stands on its line

from __future__ import annotations

import pytest

from tests.practice.powershell.world import output, run

JSON_ROWS = {
    "two blanks after the colon, values indented under their key": (
        "@{a = 1; b = @(1, 2)} | ConvertTo-Json",
        '{\n    "a":  1,\n    "b":  [\n              1,\n              2\n          ]\n}',
    ),
    "quotes, ampersands and angle brackets are escaped": (
        "ConvertTo-Json -Compress \"it's <b> & `\"q`\" é`n\"", '"it\\u0027s \\u003cb\\u003e \\u0026 \\"q\\" é\\n"'),
    "the default depth is two": ("@{a=@{b=@{c=@{d=1}}}} | ConvertTo-Json -Compress", '{"a":{"b":{"c":"System.Collections.Hashtable"}}}'),
    "a custom object below the depth is its text": ("[pscustomobject]@{a=@{b=@{c=[pscustomobject]@{d=1}}}} | ConvertTo-Json -Compress", '{"a":{"b":{"c":"@{d=1}"}}}'),
    "-Depth goes deeper": ("@{a=@{b=@{c=@{d=1}}}} | ConvertTo-Json -Compress -Depth 5", '{"a":{"b":{"c":{"d":1}}}}'),
    "null, truth, numbers, empty things": ("@{n=$null; t=$true; f=1.5; e=@(); h=@{}} | ConvertTo-Json -Compress", '{"n":null,"t":true,"f":1.5,"e":[],"h":{}}'),
    "a pipeline of one is itself, of more an array": ("@(1) | ConvertTo-Json; 1, 2 | ConvertTo-Json -Compress; ConvertTo-Json -Compress @(1)", "1\n[1,2]\n[1]"),
    "times are milliseconds": ("ConvertTo-Json ([datetime]'1970-01-02')", '"\\/Date(86400000)\\/"'),
    "ISO times stay text when they are read": ("('{\"t\":\"2020-01-01T00:00:00Z\"}' | ConvertFrom-Json).t", "2020-01-01T00:00:00Z"),
    "what is read can be walked": ("$j = '{\"a\":[{\"b\":1},{\"b\":2}]}' | ConvertFrom-Json; $j.a[1].b; $j.A.b -join ','", "2\n1,2"),
    "an array that is read is one object": ("('[1,2]' | ConvertFrom-Json | measure).Count", "1"),
}  # fmt: skip


@pytest.mark.parametrize(("script", "shown"), JSON_ROWS.values(), ids=list(JSON_ROWS))
def test_json_is_written_and_read_as_in_5_1(script: str, shown: str) -> None:
    assert output(script).replace("\r\n", "\n") == shown


SHAPES = {
    "up to four properties are a table": ("[pscustomobject]@{name = 'x'; n = 10}", "\nname  n\n----  -\nx    10\n\n\n"),
    "five are a list": (
        "[pscustomobject]@{a=1; bb=$null; c='x'; d=$true; e=@(1, 2)}", "\n\na  : 1\nbb : \nc  : x\nd  : True\ne  : {1, 2}\n\n\n\n"),
    "nested objects are shown inline": ("[pscustomobject]@{a=[pscustomobject]@{b=1; c=''}}", "\na\n-\n@{b=1; c=}\n\n\n"),
    "long collections are cut after four": ("[pscustomobject]@{a=1..9}", "\na\n-\n{1, 2, 3, 4...}\n\n\n"),
    "objects of one shape share a table": ("1, 2 | % { [pscustomobject]@{n=$_} }", "\nn\n-\n1\n2\n\n\n"),
    "a hashtable is names and values": ("@{a=1}", f"\n{'Name':<30} Value\n{'----':<30} -----\n{'a':<30} 1\n\n\n"),
    "Format-List makes a list of anything": ("[pscustomobject]@{a=1} | fl", "\n\na : 1\n\n\n\n"),
    "Format-Table takes columns": ("[pscustomobject]@{a=1; b=2; c=3; d=4; e=5} | ft b, e", "\nb e\n- -\n2 5\n\n\n"),
    "a date stands between blank lines": ("[datetime]'2026-01-02 15:04'", "\nFriday, January 2, 2026 3:04:00 PM\n\n"),
    "an array is a line each": ("'a', 1, $null, $true, 1.5", "a\n1\nTrue\n1.5\n"),
}  # fmt: skip


@pytest.mark.parametrize(("script", "shown"), SHAPES.values(), ids=list(SHAPES))
def test_objects_are_shown_by_the_default_rules(script: str, shown: str) -> None:
    assert run(script).stdout == shown


def test_a_table_never_is_wider_than_the_screen() -> None:
    lines = run("[pscustomobject]@{a='x' * 100; b='y' * 100; c='z'}").stdout.split("\n")
    assert lines[3] == "x" * 100 + " " + "y" * 16 + "..."
    assert lines[1].split() == ["a", "b"]


def test_a_list_goes_on_below_a_value_that_is_too_long() -> None:
    lines = run("[pscustomobject]@{a='x' * 150} | fl").stdout.split("\n")
    assert lines[2:4] == ["a : " + "x" * 116, "    " + "x" * 34]
