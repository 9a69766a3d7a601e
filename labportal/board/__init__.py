"""The live board of a class: who needs help, who is where, and what stops them. From the rule to the screen:

``pace``     how long the class takes for each task
``need``     the rule that says who needs help, as SQL
``why``      the same in words, with its figures
``narrow``   which students a board shows and in which order, as its address says
``rows``     one student, as a row of the board
``causes``   what stops whom: open verdicts, those that are alike together
``summary``  how many there are of each, and how far the class is with each task
``pages``    what the three pages show, with a constant number of queries
``feed``     one for each class in a process: what has changed, read once and drawn once for all open pages
``looking``  what a feed reads and draws, in a thread
``stream``   the server-sent events of a class, beside Django
"""
