"""``python -m practice_cloud.scenarios > docs/scenarios.md``."""

from __future__ import annotations

import sys

from practice_cloud.scenarios.page import page

sys.stdout.write(page())
