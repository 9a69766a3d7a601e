"""A simulated Azure that speaks Azure's own protocols, for students who have no subscription."""
