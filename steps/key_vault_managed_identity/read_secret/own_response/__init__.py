"""The student's own response: ``recognise`` keeps a word for what was pasted, ``judge`` says what it means."""
