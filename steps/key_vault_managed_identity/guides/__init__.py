"""What the student reads, one file per task: portal clicks first, then az, then PowerShell."""
