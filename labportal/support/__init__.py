"""Asking for help and being helped: raised hands, messages to students, notes between instructors."""
