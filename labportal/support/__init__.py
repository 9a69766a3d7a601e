"""Asking for help and being helped: raised hands, messages to students, notes between instructors.

``models``         what this room keeps
``hands``          raises, takes and lowers hands: their only writer
``letters``        sends messages, and keeps what became of each: their only writer
``audience``       whom a message goes to, and how many that are
``own``            what a student's own pages show: their hand, what they were told
``queue``          what those who teach see: the raised hands of a class, first come first served
``sent``           the messages of a class, with how many have seen them
``notes``          writes notes, and takes them back
``student_views``  the addresses of the student, ``staff_views`` those of the class
"""
