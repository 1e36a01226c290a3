"""What is over is let go of within a second, though nobody writes."""

import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress

_PAUSE = 1.0  # seconds between two looks


class Sweeper:
    """A thread that lets go of what is over, for as long as there is who keeps it."""

    def __init__(self, sweep: Callable[[], None]) -> None:
        """Take a method, of which the thread keeps no more than a weak reference."""
        self._sweep = weakref.WeakMethod(sweep)
        self._thread = threading.Thread()

    def start(self) -> None:
        """Start the thread, unless it runs: a process that is forked has none of its parent's.

        Where there can be none, what is over goes with the next message, and this one is answered.
        """
        if self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._run, daemon=True)
        with suppress(RuntimeError):
            self._thread.start()

    def _run(self) -> None:
        time.sleep(_PAUSE)
        while sweep := self._sweep():
            sweep()
            del sweep  # it would keep its owner
            time.sleep(_PAUSE)
