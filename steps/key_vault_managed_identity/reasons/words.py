"""What several reasons of Task 4 say alike."""

from __future__ import annotations

NOT_YOURS = "It says nothing about your work."
NOT_AT_ONCE = "A change reaches all of Azure's servers one after the other, and until then some go by the old state."
