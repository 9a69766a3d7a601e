"""Where students of classes stand, ready to be read. In the order in which what a student does gets there:

``follower``      a process of its own that reads the timeline, and tells the classes what has changed
``services``      that a standing be kept from now on, or looked at anew
``projection``    a transaction that brings some of them up to date
``reading``       the rows of their walks, with a few queries for all
``making``        rows in, standing out
``working_time``  how long somebody worked at each task

``models`` has what is kept, and nothing else writes it.
"""
