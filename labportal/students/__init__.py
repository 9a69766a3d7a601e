"""One student of a class, as those who teach see them.

``urls``, ``views``, ``forms``  the student's page, and what is clicked there
``reading``  what it shows
``acting``   what an instructor does for a student: a check, opening a task again
``looking``  the student's own pages as they see them, to look at
``glass``    makes a page one that can only be read
"""
