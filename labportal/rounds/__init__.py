"""Checking everyone in a class: at once, or at a set time. In the order in which a round goes:

``services``   what an instructor does: begins one, plans one, calls one off
``conductor``  a turn, taken by the follower's process: brings every round as far as it can come now
``opening``    a planned round's time has come; whom it is about
``pacing``     how many students may be checked at once, beside those who check themselves
``beginning``  one student's checks begin, or why they do not
``settling``   what came of those under way
``progress``   how far a round is, for the pages: who is through, with what verdict, how long the rest takes
``results``    what came of each student, for the pages
``pages``      the two pages put together

``models`` has what is kept: whoever is killed at any moment leaves rows that the next turn goes on from.
"""
