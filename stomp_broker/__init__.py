"""The broker: a STOMP 1.0, 1.1 and 1.2 server on Twisted, with rights on every destination.

Bytes come in at ``protocol.py`` and take this way::

    protocol.py   bytes in and out, the clock           (Twisted)
    session.py    one client's STOMP: frames in, events out
    broker.py     who may do what, and who is told      (no STOMP, no Twisted)
    hub.py        topics: everybody who listens now
    queues.py     queues: one of those who listen, kept until acknowledged

``frames.py`` is the codec, ``logins.py`` judges who somebody is, ``destinations.py`` where they may read and write, and
``errors.py`` holds every error that a client can be told. ``service.py`` puts the parts together.

Before a broker that cannot judge tickets, such as ActiveMQ, it is a gate, with other topics and queues behind the same
rights::

    gateway.py    the connection to the other broker           (Twisted)
    upstream.py   our side of its STOMP
    line.py       what is asked of it     receipts.py  what clients are told when that is answered
    gate.py       the broker              followed.py, forwarded.py  its topics and queues

Operators see and steer it by these::

    server.py     a broker alone: listens, reloads, ends      embedded.py  ... and one inside the relay
    signals.py    HUP, TERM, INT                              leaving.py   telling everybody that it ends
    monitor.py    once a second: alarms, /broker/stats        stats.py     that message
    alarms.py     publishers wait while something is scarce   memory.py, descriptors.py, disk.py  what is watched
    tally.py      what is counted on the way                  metrics.py   figures for Prometheus, read from it
    admin.py      health and figures over HTTP                logs.py      the form of log lines
"""
