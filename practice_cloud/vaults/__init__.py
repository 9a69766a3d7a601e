"""Vaults and their secrets as they are kept. ARM and the data plane show the same ones, each in its own way."""
