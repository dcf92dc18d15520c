"""The end of a process, asked for by a signal and waited for by its threads."""

import signal
import threading
from queue import SimpleQueue


class Stop(threading.Event):
    """Is set when a signal asks for the end, instead of the signal's own effect. To be made in the main thread.

    An ``Event`` must not be set in the handler itself: the signal may come while the main thread holds the event's lock
    in ``wait``, or in the midst of the handler (each thread of a parent that dies sends its ``PR_SET_PDEATHSIG``), and
    would wait for itself for ever. ``SimpleQueue.put`` is made for that, and a thread does the rest.

    ``signal`` is what asked first.
    """

    def __init__(self, *signals: signal.Signals) -> None:
        super().__init__()
        self.signal = signals[0]
        self._asked: SimpleQueue[int] = SimpleQueue()
        threading.Thread(target=self._listen, name="stop", daemon=True).start()
        for number in signals:
            signal.signal(number, lambda number, _: self._asked.put(number))

    def _listen(self) -> None:
        self.signal = signal.Signals(self._asked.get())
        self.set()
