"""What this room keeps."""

from __future__ import annotations
