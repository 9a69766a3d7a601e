"""What is to be typed, within the words of a finding or a hint."""

from __future__ import annotations

import pytest

from labportal.labs.templatetags.portal import code

COMMAND = "az keyvault recover --name kv-ada --resource-group rg-lab"


@pytest.mark.parametrize("after", [".", ". Then check.", "", " brings it back."])
def test_a_command_has_lines_of_its_own_without_the_full_stop(after: str) -> None:
    shown = code(f"Recover it. Or: `{COMMAND}`{after}")
    assert f'Or: <code class="command">{COMMAND}</code>{after.removeprefix(".")}' in shown


@pytest.mark.parametrize(
    "words",
    [
        f"Recover it (Key vaults; or `{COMMAND}`), or purge it.",
        f"Give `{COMMAND}`, then wait.",
        "Look at `https://kv-ada.vault.azure.net/secrets/lab-secret` first.",
        "Send `Metadata: true`.",
    ],
)
def test_what_is_short_or_in_the_middle_of_something_stays_in_its_line(words: str) -> None:
    assert "command" not in code(words)
    assert code(words).count("<code>") == 1


def test_several_commands_stand_one_below_the_other() -> None:
    assert code(f"Both: `{COMMAND}` `{COMMAND}`").count('<code class="command">') == 2


def test_nothing_of_it_is_markup() -> None:
    assert "<b>" not in code(f"`{COMMAND} <b>`.")
