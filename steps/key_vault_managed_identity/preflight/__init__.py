"""Before the first task: what the lab builds on."""
