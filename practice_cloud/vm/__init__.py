"""What runs on a practice VM: a sandboxed subset of Windows PowerShell 5.1.

``run_script`` interprets a script itself: no PowerShell, no process, no file, no socket; the only way out is the
``send`` it is given. A script reaches what the tables of this room name: cmdlets, types, properties and methods.
What Windows PowerShell has beyond that ends in an error that says the practice VM does not support it; what no
PowerShell has, in PowerShell's own error. Steps, memory, output, depth, web requests and time are limited.

Where the behaviour comes from: Microsoft's documentation of Windows PowerShell (about_Operators, about_Parsing,
about_Variables, about_Try_Catch_Finally, about_Preference_Variables, the cmdlets' pages), the format rules of the
published source of PowerShell, and what is remembered of 5.1's output. None of it was compared with a Windows machine.
Known to be different:

- a command of a pipeline runs to its end before the next one begins, so what Write-Host shows may come earlier;
- ``@{}`` keeps the order of its keys, where Windows leaves it to their hash codes;
- a table ends where text is written between its rows, and a type that is shown is its full name, not a table;
- the places of errors say ``At line:1 char:1`` without the name of the temporary script file, and errors are not
  wrapped at the width of the console;
- numbers are Int32, Int64 or Double; there is no Decimal, and an Int64 is known by its size alone;
- blank lines around a shown date, and at the ends of tables and lists, are from memory of 5.1.
"""

from practice_cloud.vm.budget import Limits
from practice_cloud.vm.run import ScriptResult, run_script

__all__ = ["Limits", "ScriptResult", "run_script"]
