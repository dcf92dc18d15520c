"""The broker: a STOMP 1.0, 1.1 and 1.2 server on Twisted, with rights on every destination.

Bytes come in at ``protocol.py`` and take this way::

    protocol.py   bytes in and out, the clock           (Twisted)
    session.py    one client's STOMP: frames in, events out
    broker.py     who may do what, and who is told      (no STOMP, no Twisted)
    hub.py        topics: everybody who listens now
    queues.py     queues: one of those who listen, kept until acknowledged

``frames.py`` is the codec, ``logins.py`` judges who somebody is, ``destinations.py`` where they may read and write, and
``errors.py`` holds every error that a client can be told. ``service.py`` puts the parts together.
"""
