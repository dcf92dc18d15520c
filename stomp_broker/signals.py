"""What a broker alone does when it is signalled, the same as the relay.

=======  =====================================================================
HUP      reads its configuration anew and follows it, if all of it is right
TERM     takes leave of its clients, a few at a time, and ends; the second time in a hurry
INT      takes leave in a hurry, and ends: Ctrl-C in a terminal
=======  =====================================================================
"""

import signal
from typing import Any

from stomp_broker.logs import Log
from stomp_broker.server import Server

log = Log()


class Signals:
    """One process's."""

    def __init__(self, reactor: Any, server: Server) -> None:  # noqa: ANN401  Twisted's types its parts apart.
        self._reactor = reactor
        self._server = server
        self._ending = False
        self._ended = False

    def install(self) -> None:
        """Be told of signals once the reactor runs: it installs its own ways with some of them when it starts."""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until then; by default it ends the process
        self._reactor.callWhenRunning(self._install)

    def _install(self) -> None:
        actions = {signal.SIGHUP: self._server.reload, signal.SIGTERM: self.terminate, signal.SIGINT: self.interrupt}
        for number, action in actions.items():
            signal.signal(number, lambda *_, action=action: self._reactor.callFromThread(action))

    def terminate(self) -> None:
        """Take leave and end; asked again, do not wait any longer."""
        if self._ending:
            self.interrupt()
        else:
            self._end_after(self._server.drain())

    def interrupt(self) -> None:
        """Take leave in a hurry, and end."""
        self._end_after(self._server.stop())

    def _end_after(self, done: Any) -> None:  # noqa: ANN401
        self._ending = True
        done.addErrback(lambda failure: log.failure("the leave-taking failed", failure))
        done.addCallback(self._end)

    def _end(self, _: object) -> None:
        if not self._ended:
            self._ended = True
            self._reactor.stop()
