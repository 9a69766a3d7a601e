"""What the portal was about to do when Azure's trouble, or a fault of the portal's own, kept it from that.

That it is not done then is nobody's to mend, although the student may do it: *could not tell*, never *not yet*. Looking
again would do nothing; only trying once more does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from steps.kit import problems
from steps.kit.azure import AzureProblem
from steps.kit.problems import Whose
from steps.kit.task import Action
from steps.kit.verdict import Finding, Verdict

_WHOSE = {Whose.AZURE: "That is Azure's trouble, not yours.", Whose.PORTAL: "That is the portal's fault, not yours."}


def judged(finding: Finding, check: str, actions: Iterable[Action], facts: Mapping[str, dict[str, str]]) -> Finding:
    """``finding``, or what stands in its place where one of ``actions`` was kept from settling it. ``check`` is its id,
    and ``facts`` are those of the attempt so far. Reason, choices and notes stay: they say what is missing."""
    if finding.verdict is not Verdict.NOT_YET:
        return finding
    for action in actions:
        problem = problems.from_facts(facts.get(action.id, {})) if finding.reason in action.settles else None
        if problem is not None and problems.whose(problem) is not Whose.STUDENT:
            return _for_no_fault_of_theirs(finding, check, problem)
    return finding


def _for_no_fault_of_theirs(finding: Finding, check: str, problem: AzureProblem) -> Finding:
    happened = problems.wording(problem).happened
    by_hand = finding.next_step if finding.next_step.startswith("Or ") else f"Or do it yourself: {finding.next_step}"
    told = "" if happened in finding.found else f" The portal was kept from changing that. {happened}"
    return replace(
        finding,
        verdict=Verdict.COULD_NOT_TELL,
        found=f"{finding.found}{told}",
        next_step=f"{_WHOSE[problems.whose(problem)]} In a few minutes let the portal try once more. {by_hand}",
        sources=tuple(dict.fromkeys((*finding.sources, problem.source))),
        waits_for=check,
    )
