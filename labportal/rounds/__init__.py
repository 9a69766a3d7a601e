"""Checking everyone in a class: at once, or at a set time."""
