"""A class of practice students who fail in different ways, for whoever wants to try the instructor's pages.

``parts``     who does what, and how often
``stage``     what a part consists of: putting a practice Azure into a scenario, checking, having the portal do it

Everything is real but the students: their clicks begin ordinary attempts, which a worker carries out against the
practice cloud. ``manage.py rehearse`` runs it beside a running portal.
"""
