"""Cleaning up, with a receipt."""
