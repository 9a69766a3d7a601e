"""Classes: who is in them, what they allow, and what was done on whose behalf.

``models``   a class, its members, who is invited, and the acts that members can read about themselves
``roll``     who the students of a class are, as every page of the class asks for them
``audit``    writes down an act on somebody's behalf
"""
