"""Task 2: the secret."""
