"""What the process does when it is signalled.

=======  =====================================================================
HUP      reads the configuration anew and follows it, if all of it is right
TERM     takes leave of the pages, a few at a time, and ends; the second time in a hurry
INT      takes leave of the pages in a hurry, and ends: Ctrl-C in a terminal
=======  =====================================================================
"""

import signal
import time
from collections.abc import Callable
from typing import Any

from twisted.logger import Logger

from orbited.config import Config
from orbited.errors import ConfigError
from orbited.logrules import LogRules, PythonLogging
from orbited.server import Server
from orbited.tls import read_identity

log = Logger()


class Signals:
    """One relay's."""

    def __init__(
        self,
        reactor: Any,  # noqa: ANN401
        server: Server,
        read: Callable[[], Config],
        log_by: Callable[[LogRules | PythonLogging | None], None],
        epoch: Callable[[], float] = time.time,
        prepare: Callable[[Config], Callable[[], None]] = lambda _: _nothing_else,
    ) -> None:
        """``read`` gives the configuration as it is now, ``log_by`` follows its part about logs; both ConfigError.

        ``epoch`` gives seconds since 1970. ``prepare`` judges what else is to be read anew, and gives what follows it.
        """
        self._reactor = reactor
        self._server = server
        self._read = read
        self._log_by = log_by
        self._epoch = epoch
        self._prepare = prepare
        self._ending = False  # has the leave-taking begun?
        self._ended = False
        server.metrics.reloaded(epoch())

    def install(self) -> None:
        """Be told of signals once the reactor runs: it installs its own ways with some of them when it starts."""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until then; by default it ends the process
        self._reactor.callWhenRunning(self._install)

    def _install(self) -> None:
        actions = {signal.SIGHUP: self.reload, signal.SIGTERM: self.terminate, signal.SIGINT: self.interrupt}
        for number, action in actions.items():
            signal.signal(number, lambda *_, action=action: self._reactor.callFromThread(action))

    def reload(self) -> None:
        """Follow the configuration as it is now; when anything in it is wrong, nothing changes."""
        try:
            config = self._read()
            identity = read_identity(config)
            follow = self._prepare(config)
            self._log_by(config.logging)
        except ConfigError as error:
            self._server.metrics.reload_refused()
            log.error("nothing has changed, the configuration cannot be followed: {error}", error=error)
            return
        for warning in config.warnings:
            log.warn("{warning}", warning=warning)
        self._server.adopt(config, identity)
        follow()
        self._server.metrics.reloaded(self._epoch())
        log.info("follows the configuration as it is now")

    def terminate(self) -> None:
        """Take leave of the pages and end; asked again, do not wait any longer."""
        if self._ending:
            self.interrupt()
        else:
            self._ending = True
            self._end_after(self._server.drain())

    def interrupt(self) -> None:
        """Take leave of the pages in a hurry, and end."""
        self._ending = True
        self._end_after(self._server.stop())

    def _end_after(self, done: Any) -> None:  # noqa: ANN401
        done.addErrback(lambda failure: log.failure("the leave-taking failed", failure))
        done.addCallback(self._end)

    def _end(self, _: object) -> None:
        if not self._ended:
            self._ended = True
            self._reactor.stop()


def _nothing_else() -> None:
    """Nothing else is read anew."""
