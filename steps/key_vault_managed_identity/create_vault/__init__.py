"""Task 1: the vault."""
