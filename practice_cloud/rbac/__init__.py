"""Azure's roles, and whether someone holds one: asked by ARM for what it manages and by vaults for what they hold."""
