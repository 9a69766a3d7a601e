"""One student of a class, as those who teach see them.

``reading``  what the student's page shows
``acting``   what an instructor does for a student: a check, opening a task again
``looking``  the student's own pages as they see them, to look at
``glass``    makes a page one that can only be read
"""
