"""What ``./lab`` does: sets up, starts, watches, stops and tests.

Standard library only: it runs before anything is installed.
"""
