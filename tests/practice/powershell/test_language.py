"""What scripts compute: each row is a script and the lines it shows."""

# ruff: noqa: E501 - a script stands on its line

from __future__ import annotations

import pytest

from tests.practice.powershell.world import output

ROWS = {
    "double quotes expand a variable and nothing behind its name": ("$x = 7; \"$x.y $($x * 2) `$x ${x}\"", "7.y 14 $x 7"),
    "single quotes expand nothing": ("'$x `n'", "$x `n"),
    "a question mark belongs to a variable's name": ('$n = 1; "a$n?b"', "a"),
    "a here-string keeps its lines": ("$s = @\"\na $(1+1)\n\"b\"\n\"@\n$s", 'a 2\n"b"'),
    "escapes make control characters": ('"a`tb`"c""d"', 'a\tb"c"d'),
    "variables ignore case": ("$Abc = 1; $aBC", "1"),
    "an assignment shows nothing, in brackets it does": ("$x = 1; ($y = 2)", "2"),
    "the left side says what plus does": ("'1' + 2; 1 + '2'; @(1) + 2", "12\n3\n1\n2"),
    "division keeps whole numbers whole": ("7 / 2; 8 / 2; 7 % 3; -7 % 3", "3.5\n4\n1\n-1"),
    "numbers are shown as .NET shows them": ("1.0; 0.1 + 0.2; 1e3; 0x1F; 2kb; 2147483647 + 1; 1e20", "1\n0.3\n1000\n31\n2048\n2147483648\n1E+20"),
    "strings and arrays multiply": ("'ab' * 2; (@(1) * 3).Count", "abab\n3"),
    "comparison ignores case unless told": ("'a' -eq 'A'; 'a' -ceq 'A'; 'b' -gt 'A'", "True\nFalse\nTrue"),
    "an array on the left is filtered": ("(1, 2, 3 -gt 1) -join ','", "2,3"),
    "wildcards and regular expressions": ("'vault-1' -like 'V*[0-9]'; 'x' -notlike 'y*'; 'abc' -match '^A'", "True\nTrue\nTrue"),
    "a match fills $Matches": ("$null = 'k=v' -match '(?<n>\\w)=(\\w)'; $Matches[0]; $Matches.n; $Matches[1]", "k=v\nk\nv"),
    "-replace knows groups": ("'a-b' -replace '(\\w)-(\\w)', '$2-$1'", "b-a"),
    "-split and -join": ("('a, b' -split ',\\s*') -join '+'; -join (1, 2)", "a+b\n12"),
    "-in and -contains": ("2 -in 1, 2; 1, 2 -contains 3", "True\nFalse"),
    "logic stops early": ("$false -and (throw 'no'); $true -or (throw 'no'); -not 1; !0", "False\nTrue\nFalse\nTrue"),
    "-f formats": ("'{0:N2}|{1,4}|{2,-3}|{3:X4}|{4:yyyy-MM-dd}' -f 1234.5, 'a', 'b', 255, [datetime]'2026-01-02'", "1,234.50|   a|b  |00FF|2026-01-02"),
    "arrays count from both ends": ("$a = 1, 2, 3; $a[0]; $a[-1]; $a[9]; $a[0, 1] -join ','; 'abc'[1]", "1\n3\n1,2\nb"),
    "one output is itself, more are an array": ("$a = 1..3 | ? { $_ -gt 2 }; $a.GetType().Name; (1..3).Count; @(5).Length", "Int32\n3\n1"),
    "properties of elements are enumerated": ("([pscustomobject]@{n=1}, [pscustomobject]@{n=2}).n -join ','", "1,2"),
    "a hashtable is read by property and by key": ("$h = @{A = 1; 'b c' = 2}; $h.a; $h['B C']; $h.Count; $h.ContainsKey('a')", "1\n2\n2\nTrue"),
    "an ordered hashtable keeps its order": ("$h = [ordered]@{z = 1; a = 2}; $h.m = 3; $h.Keys -join ','; $h[0]", "z,a,m\n1"),
    "casts": ("[int]'12' + 1; [int]2.5; [string]1.5; [bool]'x'; [char]65; [int][char]'A'; ([byte[]](1, 2)).Length", "13\n2\n1.5\nTrue\nA\n65\n2"),
    "-is and -as": ("1 -is [int]; 'a' -is [string]; $null -eq ('x' -as [int])", "True\nTrue\nTrue"),
    "null is empty text, zero and false": ("\"[$null]\"; $null + 1; if ($null) { 1 } else { 2 }; $null -eq $nothing", "[]\n1\n2\nTrue"),
    "empty and single arrays are as true as they should be": ("[bool]@(); [bool]@(0); [bool]@(1); [bool]@(0, 0)", "False\nFalse\nTrue\nTrue"),
    "if, elseif, else": ("$x = 2; if ($x -eq 1) { 'a' } elseif ($x -eq 2) { 'b' } else { 'c' }", "b"),
    "a statement can be a value": ("$x = if ($true) { 'yes' }; $x", "yes"),
    "switch runs every clause that matches": ("switch ('ab') { 'AB' { 1 } { $_ -like 'a*' } { 2 } default { 3 } }", "1\n2"),
    "switch takes regular expressions": ("switch -Regex ('v1', 'x') { '^v\\d' { \"v:$_\" } default { \"d:$_\" } }", "v:v1\nd:x"),
    "loops break and continue": ("foreach ($i in 1..9) { if ($i -eq 2) { continue }; if ($i -gt 3) { break }; $i }", "1\n3"),
    "for, while, do": ("for ($i = 0; $i -lt 2; $i++) { $i }; while ($i -gt 1) { $i-- }; do { $i++ } until ($i -ge 3); $i", "0\n1\n3"),
    "functions take names, positions, defaults and switches": (
        "function F { param([string]$a, [int]$b = 3, [switch]$c) \"$a-$b-$c\" }; F x; F -b 1 y; F x 2 -c", "x-3-False\ny-1-False\nx-2-True"),
    "words that a plain function has no parameter for are its $args": ("function F($a) { \"$a|$args\" }; F 1 -x 2 3", "1|-x 2 3"),
    "a function's variables are its own": ("$x = 1; function F { $x = 2; $script:y = 3 }; F; $x; $y", "1\n3"),
    "return gives what came before it too": ("function F { 1; return 2; 3 }; F", "1\n2"),
    "a script block is a value": ("$b = { param($n) $n * 2 }; & $b 4; & { \"$args\" } a b", "8\na b"),
    "a process block sees each item": ("function F { begin { 'b' } process { \"p$_\" } end { 'e' } }; 1, 2 | F", "b\np1\np2\ne"),
    "errors are caught with what they say": ("try { throw 'boom' } catch { \"$_|$($_.Exception.Message)\" } finally { 'end' }", "boom|boom\nend"),
    "a typed catch takes its type only": ("try { 1 / 0 } catch [System.Net.WebException] { 'w' } catch [DivideByZeroException] { 'd' }", "d"),
    "an error in a called function reaches the caller's catch": ("function F { 1 / 0; 'no' }; try { F } catch { 'caught' }", "caught"),
    "Stop makes a quiet error loud": ("try { Write-Error 'x' -ErrorAction Stop } catch { \"c $_\" }", "c x"),
    "lines go on after a backtick, a pipe and inside brackets": ("$a = 1 +`\n 2\n$a\n1, 2 |\n  % { $_ * 10 }\n(1,\n 2).Count", "3\n10\n20\n2"),
    "comments are not read": ("1 # one\n<# two\n three #> 2", "1\n2"),
    "splatting": ("$p = @{First = 1}; 1, 2 | Select-Object @p", "1"),
    "assigning to many names": ("$a, $b = 1, 2, 3; $a; $b -join ','", "1\n2,3"),
    "a typed variable converts what it is given": ("[int]$n = '5'; $n = '6'; $n + 1", "7"),
    "string methods": ("'a.b'.Split('.')[1]; ' x '.Trim(); 'ab'.PadLeft(4, '*'); 'abc'.Substring(1, 1); 'aXb'.ToLower().Replace('x', '-')", "b\nx\n**ab\nb\na-b"),
    "base64 and encodings": ("$b = [Text.Encoding]::UTF8.GetBytes('hé'); $t = [Convert]::ToBase64String($b); $t; [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($t))", "aMOp\nhé"),
    "dates": ("(Get-Date).ToString('yyyy-MM-dd HH:mm'); ([datetime]'2026-03-01').AddDays(-1).Day; ([datetime]'2026-01-02' - [datetime]'2026-01-01').TotalHours", "2026-01-02 03:04\n28\n24"),
    "the last day of a month": ("([datetime]'9999-01-31').AddMonths(2).Day; ([datetime]'2024-01-31').AddMonths(1).Day", "31\n29"),
    "unix time": ("[DateTimeOffset]::FromUnixTimeSeconds(1600000000).ToString('u'); (Get-Date).ToUniversalTime().Year; ([datetime]'1970-01-02').AddMonths(1).Month", "2020-09-13 12:26:40Z\n2026\n2"),
    "statics": ("[Math]::Round(2.567, 1); [Math]::Max(1, 2); [string]::IsNullOrEmpty(''); [Uri]::EscapeDataString('a b/c'); ([guid]::NewGuid()).ToString().Length", "2.6\n2\nTrue\na%20b%2Fc\n36"),
    "a security protocol may be set, as old scripts do": ("[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12; 1", "1"),
    "lists that grow": ("$l = New-Object System.Collections.ArrayList; [void]$l.Add(1); $l.Add(2) | Out-Null; $l.Count", "2"),
    "a generic list adds in silence": ("$l = [System.Collections.Generic.List[string]]::new(); $l.Add('a'); $l.Count", "1"),
    "a sign before brackets is arithmetic": ("- (2 + 3); -'4'", "-5\n-4"),
    "the version is that of Windows PowerShell": ("$PSVersionTable.PSVersion.Major; \"$($PSVersionTable.PSVersion)\"", "5\n5.1.17763.1"),
    "Select-Object picks, expands and computes": ("$o = [pscustomobject]@{a=1; b=2}; ($o | select b).b; $o | select -Expand a; ($o | select @{N='c'; E={$_.a + 5}}).c; 1..5 | select -First 1; 1..5 | select -Last 1", "2\n1\n6\n1\n5"),
    "Sort-Object and Where-Object": ("$o = @{n=2}, @{n=1} | % { [pscustomobject]$_ }; ($o | sort n).n -join ','; ($o | ? n -gt 1).n; (3, 1 | sort -Descending) -join ','", "1,2\n2\n3,1"),
    "Measure-Object": ("(1..4 | measure -Sum -Average).Sum; (1..4 | measure).Count", "10\n4"),
    "Write-Host and Write-Warning come out in their order": ("Write-Output 1; Write-Host a b -ForegroundColor Red; Write-Warning w; 2", "1\na b\nWARNING: w\n2"),
    "aliases": ("echo 1; 1, 2 | % { $_ } | ? { $_ -eq 2 }", "1\n2"),
}  # fmt: skip


@pytest.mark.parametrize(("script", "shown"), ROWS.values(), ids=list(ROWS))
def test_a_script_shows_what_windows_powershell_shows(script: str, shown: str) -> None:
    assert output(script) == shown


def test_parameters_of_run_command_reach_the_scripts_param_block() -> None:
    script = "param([string]$Name = 'x', [int]$Count = 1)\n\"$Name/$($Count + 1)\""
    assert output(script) == "x/2"
    assert output(script, parameters={"Name": "kv", "Count": "4"}) == "kv/5"
    assert output("$args -join ' '", parameters={"Name": "kv"}) == "-Name kv"


def test_an_exit_ends_the_script() -> None:
    assert output("1; exit; 2") == "1"
