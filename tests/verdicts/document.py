"""docs/verdicts.md: the table of verdicts as a page, with what the portal really said in a run of it.

``python -m tests.verdicts.document`` writes it.
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from steps.kit import problems
from steps.kit.course import Mode
from tests.practice_process import start_practice
from tests.verdicts.case import LAB, Case
from tests.verdicts.run import AT_ONCE, Said, Theatre
from tests.verdicts.table import CASES, CHAPTERS
from tests.verdicts.words import anonymous

PAGE = Path(__file__).resolve().parents[2] / "docs" / "verdicts.md"
HEAD = """# Verdicts

Every way to get it wrong, and what the portal says then: the table that `tests/verdicts` tests, with the words of a
real run for a student named Anna. A case with a name in `code` is a [scenario](scenarios.md) of the practice cloud; the
others come about as their rows in `tests/verdicts` say. *Not yet*: there is something to do, and it is named. *Could
not tell*: Azure or the portal is not ready, and that is held against nobody.

This page is made by `.venv/bin/python -m tests.verdicts.document`; a test holds it against what a run says.
"""
COLUMNS = "| case | verdict | what Anna reads | what to do next | why it matters | the portal offers |"
_VERDICTS = {"passed": "passed", "not_yet": "not yet", "could_not_tell": "could not tell"}
_MODES = {
    Mode.CARRY_OUT: "carried out by the portal",
    Mode.REPAIR: "mended by the portal",
    Mode.UNDO: "undone by the portal",
}


def line(case: Case, said: Said) -> str:
    finding, reason = said.finding, LAB.reasons.get(said.finding.reason)
    why = reason.why if reason else problems.why(finding.reason)
    remedies = [LAB.remedies[one].action.title for one in reason.remedies] if reason else []
    offers = [*remedies, *(f"a choice: {one.label}" for one in finding.choices)]
    cells = (
        _case(case),
        f"{_VERDICTS[finding.verdict]}<br>`{finding.reason}`",
        anonymous(finding.found, said.names),
        anonymous(finding.next_step, said.names),
        why,
        anonymous("; ".join(offers), said.names),
    )
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def _case(case: Case) -> str:
    """What was set up, how the student works, and what was done."""
    told = case.told if case.title else f"{case.told} `{case.scenario}`"
    how = ["by roles"] if case.names.get("permission_model") == "roles" else []
    how += [_MODES[case.mode]] if case.mode in _MODES else []
    return f"{told} ({', '.join(how)})" if how else told


def lines() -> list[str]:
    """Those of the page that are rows, in the order of the table."""
    rows = [one for one in PAGE.read_text().splitlines() if one.startswith("| ")]
    return [one for one in rows if one != COLUMNS]


def page(theatre: Theatre) -> str:
    parts = [HEAD]
    for title, cases in CHAPTERS:
        rows = "".join(f"{line(case, theatre.play(case))}\n" for case in cases)
        parts.append(f"\n## {title}\n\n{COLUMNS}\n|---|---|---|---|---|---|\n{rows}")
    return "".join(parts)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        start_practice(Path(folder)) as practice,
        practice.conduct("timings", **dict.fromkeys(AT_ONCE, 0)),
        ThreadPoolExecutor(16) as pool,
    ):
        PAGE.write_text(page(Theatre(practice, pool)))
    sys.stdout.write(f"{PAGE}: {len(CASES)} cases\n")


if __name__ == "__main__":
    main()
