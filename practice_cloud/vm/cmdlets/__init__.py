"""The cmdlets of the practice VM. Each file registers its own when it is imported."""
