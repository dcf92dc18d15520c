"""The relay: TCP sockets for browser pages, after Orbited 0.7.

It knows neither the broker nor Django nor what the bytes mean. ``docs/orbited-protocol.md`` describes its wire.
"""

__version__ = "1.0.0"
