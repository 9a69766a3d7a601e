"""What is to be typed, and names, within the words of a finding or a hint."""

from __future__ import annotations

import re

import pytest

from labportal.labs.templatetags.portal import code, whole

COMMAND = "az keyvault recover --name kv-ada --resource-group rg-lab"


def plain(shown: str) -> str:
    """Without what keeps names and options whole."""
    return re.sub(r'<span class="whole">([^<]*)</span>', r"\1", shown)


@pytest.mark.parametrize("after", [".", ". Then check.", "", " brings it back."])
def test_a_command_has_lines_of_its_own_without_the_full_stop(after: str) -> None:
    shown = code(f"Recover it. Or: `{COMMAND}`{after}")
    assert f'Or: <code class="command">{COMMAND}</code>{after.removeprefix(".")}' in plain(shown)


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


def test_a_name_stays_in_one_piece_with_what_is_right_behind_it() -> None:
    assert whole("kv-ada-1, vm-lab") == '<span class="whole">kv-ada-1,</span> <span class="whole">vm-lab</span>'
    assert whole("It is there - and open.") == "It is there - and open."
    assert "<b>" not in whole("<b>kv-ada</b>")


def test_so_does_an_option_of_a_command() -> None:
    shown = code("Type `az keyvault show --name kv-ada --query properties`.")
    assert "--</" not in shown
    assert '<span class="whole">--name</span> <span class="whole">kv-ada</span>' in shown
    assert code("Of `a-b`: it.") == 'Of <code><span class="whole">a-b</span></code>: it.'


def test_what_is_long_breaks_where_it_may() -> None:
    assert whole("37cd2b06-6b91-40c3-b845-71e196c4ff68") == "37cd2b06-6b91-40c3-b845-71e196c4ff68"
    assert "whole" not in whole("/subscriptions/37cd2b06-6b91/resourceGroups/rg-lab")
