"""The vocabulary every lab is written in: tasks, actions, looks, checks, verdicts."""
