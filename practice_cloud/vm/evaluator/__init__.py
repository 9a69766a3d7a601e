"""Runs nodes: ``Runtime`` holds what a running script has, the other files teach it one kind of node each."""
