"""Scripts that use every corner of the subset, to be changed at random."""

# ruff: noqa: E501 - a script stands on its line

SAMPLES = [
    "function Add-Two { param([int]$a, [int]$b = 3) $a + $b }; Add-Two 1; Add-Two -a 2 -b 5",
    "switch -Wildcard ('abc','x') { 'a*' { 'yes' } 'b*' { 'b'; break } default { \"no $_\" } }",
    "foreach ($i in 1..5) { if ($i -eq 2) { continue }; if ($i -eq 4) { break }; $i }",
    "$i = 0; do { $i++; $i } until ($i -ge 3); while ($i) { $i-- }; for ($j = 0; $j -lt 3; $j++) { $j }",
    "try { throw 'boom' } catch [System.Net.WebException] { 1 } catch { \"$_\" } finally { 'end' }",
    "@{a=1;b=@(1,2);c=[pscustomobject]@{d=$null}} | ConvertTo-Json -Depth 3 | ConvertFrom-Json | Format-List",
    '1..9 | Where-Object { $_ % 2 } | ForEach-Object { [pscustomobject]@{n=$_; s="v$_"} } | Sort-Object n -Descending',
    "$p = @{Uri='http://169.254.169.254/x'; Headers=@{Metadata='true'}}; (Invoke-WebRequest @p -UseBasicParsing).Headers",
    "'2026-01-02,b' -split ',' | % { '{0,-12}|{1:N2}' -f $_, 3.14159 }; 'abc' -replace '(b)', '[$1]' -match '\\[(.)\\]'",
    '$s = @"\nline $(1 + 1) `t $($env)\n"@\n$s.Split("`n")[0].PadRight(20, \'.\').ToUpper()',
    "& { param($x, [switch]$y) $args; $x; $y } 1 -y 2 3; $b = { $_ * 2 }; 1, 2 | % $b",
    "[datetime]::UtcNow.AddDays(-3).ToString('yyyy-MM-ddTHH:mm:ssZ'); (Get-Date) - [datetime]'2026-01-01'",
    "$l = New-Object System.Collections.ArrayList; [void]$l.Add('a'); $l.Count; $h = [ordered]@{}; $h.z = 1; $h.Keys",
]
