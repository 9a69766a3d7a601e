"""Rosters: lists of who is expected in a class, as spreadsheets write them. In the order in which one is read:

``decoding``   bytes to text, and which encoding it was
``table``      text to rows, and what separates their cells
``columns``    which column holds what
``lines``      each line judged: fine, already in, or in trouble, and why
``importing``  the fine ones become invitations, all at once
``forms``      the file, or what was pasted
"""
