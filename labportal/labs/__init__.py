"""The pages a student walks through. In the order in which a request meets its files:

``urls``, ``views``     the pages, and the fragments that they fetch again when something has happened
``clicks``, ``forms``   what begins no attempt by itself, and what is filled in (``labportal.runs`` has the rest)
``services``, ``names``  opening a walk and starting it over; changing the names it goes by

What a page shows is read into plain records first, so that no template asks the database:

``contexts``            what each page is given, whoever looks at it
``contexts``            what a page's template is given, whoever looks at it
``pages``               where a page is, its stream, the history, one attempt's own page
``standing``            where the student stands with each task, with the challenge and with cleaning up
``panels``              what is live: a task's panel, and those of cleaning up and of the challenge
``attempts``, ``timeline``  one attempt: what was found; what happened, line by line
``offers``, ``hints``   what stands beside a finding: why, hints, choices, what can be mended; which hints were shown
``badges``              states and verdicts in words
``guides``, ``ideas``   what there is to read, from Markdown that comes out safe

``models`` has the walk itself, ``LabSession``.
"""
