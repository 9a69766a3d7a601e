"""Task 4: the VM reads the secret."""
