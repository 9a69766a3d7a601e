"""What stands in addresses: the number of a row, as ``<row:…>``."""

from __future__ import annotations

from django.urls.converters import IntConverter


class RowConverter(IntConverter):
    """A whole number that a database can have given to a row: for a longer one there is nothing to look up."""

    regex = "[0-9]{1,18}"
