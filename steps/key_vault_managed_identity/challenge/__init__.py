"""After Task 4: what happens to the machine when its access goes, foreseen and then seen."""
