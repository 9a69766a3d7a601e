"""Every request that the portal has sent to Azure in a student's name, for the student to read.

``calls`` and ``keeping`` are the worker's: what was heard from the gateway becomes rows. ``reading`` and ``export`` are
for the pages, which never lead to the gateway.
"""
