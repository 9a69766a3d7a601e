"""``./lab bench``: figures, each beside its bound or its rival in the same run."""
