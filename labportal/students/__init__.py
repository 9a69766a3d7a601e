"""One student of a class, as those who teach see them."""
