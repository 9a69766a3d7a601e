"""Attempts at tasks, from the click to the last line. In the order in which one attempt meets them:

``urls``, ``views``, ``forms``     a click, and what was typed with it
``replies``                        what a click is answered with
``services``                       begins, cancels and hurries attempts: all that the web writes
``tasks``                          Celery's way in, with nothing but ids
``engine``                         one sitting in a worker, from claiming the attempt to leaving it
``active``                         what is under way, found by its index
``claims``, ``leases``, ``leash``  whose it is: claimed, kept while a sitting lasts; who may have lost it begins nothing
``turns``, ``together``            what has to wait for others of the walk; what is asked once for several
``courses``, ``deeds``             what it goes through; what the portal has done before in the walk
``recorder``                       what happens, written down as it happens
``outcomes``, ``cut_short``        what a sitting came to; and what ends before its time
``statements``, ``outbox``         the SQL of both, and telling the pages once it is committed
``active``, ``sweeper``            what is under way, by its index; and what should be running and is not, found
``stream``, ``hub``                a page follows its walk: server-sent events, and the one subscription behind them

``models`` is what all of it is about: read the docstring of ``Attempt`` first.
"""
