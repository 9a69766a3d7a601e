"""Task 3: the VM's identity is let in."""
