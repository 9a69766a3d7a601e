"""What a script cannot do is said in PowerShell's way; nothing is made up."""

# ruff: noqa: E501 - a script stands on its line

from __future__ import annotations

import pytest

from practice_cloud.vm import Limits
from tests.practice.powershell.world import run

BEYOND = {
    "a cmdlet": ("Get-Process", "The practice VM does not support the command 'Get-Process'."),
    "an alias": ("ls", "The practice VM does not support the command 'ls'."),
    "a program": ("ipconfig /all", "The practice VM does not support the command 'ipconfig'."),
    "a type": ("[System.IO.File]::ReadAllText('x')", "The practice VM does not support the type [System.IO.File]."),
    "a static method": ("[Math]::Cbrt(1)", "does not support the static method [System.Math]::Cbrt()"),
    "a method": ("'a'.Normalize()", "does not support the method Normalize() of [System.String]"),
    "a drive": ("$env:PATH", "does not support the variable drive 'env:'"),
    "a variable of the host": ("$Host", "does not support the variable $Host"),
    "an object": ("New-Object System.Net.WebClient", "does not support the type [System.Net.WebClient]"),
    "a parameter": ("Select-Object -SkipLast 1", "does not support the parameter '-SkipLast' of Select-Object"),
    "an assembly": ("Add-Type -AssemblyName PresentationCore", "loading the assembly 'PresentationCore'"),
    "evaluation of text": (
        "Invoke-Expression '1'",
        "The practice VM does not support the command 'Invoke-Expression'.",
    ),
}


@pytest.mark.parametrize(("script", "message"), BEYOND.values(), ids=list(BEYOND))
def test_what_windows_has_and_the_practice_vm_has_not_is_said_plainly(script: str, message: str) -> None:
    result = run(script)
    assert message in result.stderr
    assert "PracticeVmNotSupported" in result.stderr
    assert result.stdout == ""


UNKNOWN = {
    "a command": ("Get-Foo -Bar 1", "The term 'Get-Foo' is not recognized as the name of a cmdlet, function, script file", "CommandNotFoundException"),
    "a module that is not installed": ("Get-AzKeyVaultSecret", "The term 'Get-AzKeyVaultSecret' is not recognized", "CommandNotFoundException"),
    "a type": ("[Foo.Bar]::X", "Unable to find type [Foo.Bar].", "TypeNotFound"),
    "a method": ("'a'.Nope()", "[System.String] does not contain a method named 'Nope'.", "MethodNotFound"),
    "a method of nothing": ("$null.Trim()", "You cannot call a method on a null-valued expression.", "InvokeMethodOnNull"),
    "an index of nothing": ("$null[0]", "Cannot index into a null array.", "NullArray"),
    "a number": ("[int]'abc'", 'Cannot convert value "abc" to type "System.Int32". Error: "Input string was not in a correct format."', "InvalidCast"),
    "zero below": ("1 / 0", "Attempted to divide by zero.", "RuntimeException"),
    "an argument of a method": ("'abc'.Substring(9)", 'Exception calling "Substring" with "1" argument(s): "startIndex cannot', "ArgumentOutOfRangeException"),
    "nothing as text": ("[Text.Encoding]::UTF8.GetBytes($null)", 'Exception calling "GetBytes" with "1" argument(s): "Array cannot be null.', "ArgumentNullException"),
    "nothing as bytes": ("[Text.Encoding]::UTF8.GetString($null)", "Parameter name: bytes", "ArgumentNullException"),
    "JSON": ("'{bad' | ConvertFrom-Json", "Invalid JSON primitive: bad.", "ConvertFromJsonCommand"),
    "a constant": ("$true = 1", "Cannot overwrite variable true because it is read-only or constant.", "VariableNotWritable"),
    "a property to set": ("'a'.Length = 2", "The property 'Length' cannot be found on this object.", "PropertyAssignment"),
}  # fmt: skip


@pytest.mark.parametrize(("script", "message", "error_id"), UNKNOWN.values(), ids=list(UNKNOWN))
def test_an_error_of_the_script_is_powershells_own(script: str, message: str, error_id: str) -> None:
    result = run(f"{script}\n'after'")
    assert message in result.stderr
    assert error_id in result.stderr
    assert "At line:1 char:1" in result.stderr
    assert result.stdout == "after\n"


PARSE = {
    "(1": ("Missing closing ')' in expression.", "MissingEndParenthesisInExpression"),
    '"abc': ('The string is missing the terminator: ".', "TerminatorExpectedAtEndOfString"),
    "@{a=1": ("The hash literal was incomplete.", "IncompleteHashLiteral"),
    "if ($true) { 1": ("Missing closing '}' in statement block", "MissingEndCurlyBrace"),
    "1 2": ("Unexpected token '2' in expression or statement.", "UnexpectedToken"),
    "1 +": ("You must provide a value expression following the '+' operator.", "ExpectedValueExpression"),
    "1 | ": ("An empty pipe element is not allowed.", "EmptyPipeElement"),
    "echo <name>": ("The '<' operator is reserved for future use.", "RedirectionNotSupported"),
    '"$a: b"': ("Variable reference is not valid. ':' was not followed", "InvalidVariableReferenceWithDrive"),
    "try { 1 }": ("The Try statement is missing its Catch or Finally block.", "MissingCatchOrFinally"),
    "1 > file.txt": ("redirection to $null only", "RedirectionNotSupported"),
    "class A { }": ("does not support the 'class' statement", "StatementNotSupported"),
}


@pytest.mark.parametrize("script", PARSE)
def test_a_script_that_cannot_be_read_runs_not_at_all(script: str) -> None:
    message, error_id = PARSE[script]
    result = run(f"'first'\n{script}")
    assert result.stdout == ""
    assert message in result.stderr
    assert f"+ FullyQualifiedErrorId : {error_id}" in result.stderr
    assert "ParserError" in result.stderr


def test_an_error_ends_its_statement_only_unless_the_preference_says_stop() -> None:
    assert run("1 / 0; 'after'").stdout == "after\n"
    assert run("$ErrorActionPreference = 'Stop'; 1 / 0; 'after'").stdout == ""
    quiet = run("$ErrorActionPreference = 'SilentlyContinue'; 1 / 0; 'after'; $Error.Count")
    assert (quiet.stdout, quiet.stderr) == ("after\n1\n", "")


def test_a_throw_ends_the_script() -> None:
    result = run("throw 'oh no'; 'after'")
    assert result.stdout == ""
    assert result.stderr.startswith("oh no\nAt line:1 char:1\n+ throw 'oh no'; 'after'\n+ ~~~~~~~~~~~~~\n")


def test_write_error_goes_on_and_can_be_silenced() -> None:
    assert "Write-Error : bad" in run("Write-Error 'bad'").stderr
    assert run("Write-Error 'bad' -ErrorAction SilentlyContinue; 1") == run("1")


def test_an_error_that_is_passed_on_is_shown_as_itself() -> None:
    script = "try { irm http://169.254.169.254/ }\ncatch { %s }"
    shown = run("irm http://169.254.169.254/").stderr.split("\n")[3:]
    for handler in ("Write-Error $_", "throw", "throw $_", "Write-Error -ErrorRecord $_"):
        assert run(script % handler).stderr.split("\n")[3:] == ["+       " + shown[0].removeprefix("+ "), *shown[1:]]
    assert run(script % "$_").stdout == run(script % "throw").stderr


LIMITS = {
    "steps": ("while ($true) { }", "The script took more than"),
    "calls": ("function F { F }; F", "call depth overflow"),
    "text": ("'a' * 1000000000", "A string may hold"),
    "growing text": ("$x = 'ab'; while ($true) { $x += $x }", "A string may hold"),
    "elements": ("1..10000000", "An array may hold"),
    "growing arrays": ("$a = @(0) * 1000; while ($true) { $a += $a }", "An array may hold"),
    "output": ("while ($true) { 'x' * 1000 }", "The script wrote more than"),
    "web requests": ("while ($true) { irm https://echo.vault.azure.net/ }", "web requests"),
    "memory": ("$l = @(); foreach ($i in 1..100) { $l += 'x' * 900000 }", "more memory"),
}


@pytest.mark.parametrize(("script", "message"), LIMITS.values(), ids=list(LIMITS))
def test_every_limit_ends_the_script_with_an_error_that_names_it(script: str, message: str) -> None:
    result = run(f"'before'\ntry {{ {script} }} catch {{ 'caught' }} finally {{ 'finally' }}")
    assert message in result.stderr
    assert "PracticeVmLimit" in result.stderr
    assert result.stdout.startswith("before\n")
    assert "caught" not in result.stdout
    assert "finally" not in result.stdout


def test_time_is_limited() -> None:
    limits = Limits(seconds=0.2, steps=10**9)
    assert "ran for more than 0.2 seconds" in run("while ($true) { }", limits=limits).stderr
    assert "does not support sleeping for 30 seconds" in run("Start-Sleep 30", limits=limits).stderr
    assert "ran for more than 0.2 seconds" in run("irm https://slow.vault.azure.net/", limits=limits).stderr


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "a*a*a*a*b", "(a?){30}a", ".*.*.*x"])
def test_a_pattern_that_could_run_for_ever_is_refused(pattern: str) -> None:
    assert "could take too long" in run(f"('a' * 3000) -match '{pattern}'").stderr


def test_objects_that_hold_themselves_are_shown_to_an_end() -> None:
    script = (
        '$o = [pscustomobject]@{a=1}; $o.a = $o; $o; "$o"; $o | ConvertTo-Json; $l = @(0); $l[0] = $l; if ($l) { 1 }'
    )
    assert run(script).stderr == ""
