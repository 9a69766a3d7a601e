"""Asking for help and being helped: raised hands, messages to students, notes between instructors.

What is written, each by one file alone:

``hands``     raises, takes and lowers hands
``letters``   sends messages, and keeps what became of each
``notes``     writes notes, and takes them back
``audience``  whom a message goes to, and how many that are

What is read:

``own``       what a student's own pages show: their hand, what they were told
``queue``     what those who teach see: the raised hands of a class, first come first served
``sent``      the messages of a class, with how many have seen them

``urls``, ``student_views``, ``staff_views``  the addresses: of the student's pages, and of those of the class
``forms``     what somebody writes
``admin``     looks things up
``models``    has what is kept, about a student and with them.
"""
