"""What Azure looks like from outside after a scenario: one look for each, as somebody who knows Azure would take it.

A look asks ARM, the vault, the sign-in service and the VM's metadata service, and asserts what the scenario's title
says.
"""
