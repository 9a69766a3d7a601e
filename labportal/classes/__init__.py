"""Classes: who is in them, what they allow, and what was done on whose behalf.

``models``   a class, its members, who is invited, and the acts that members can read about themselves
``roll``     who the students of a class are, as every page of the class asks for them
``allowed``  what the classes of a student let the portal do for them
``leaving``  the end of a membership
``audit``    writes down an act on somebody's behalf
``tabs``     the pages of a class, as they stand at the top of each of them
``pages``    what the pages of this room show
``views``    the classes somebody is in
"""
