"""Evict expired entries within a second, even when idle."""

import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress

_INTERVAL = 1.0  # seconds between two sweeps


class Sweeper:
    """A daemon thread that evicts expired entries while their owner is alive.

    Args:
        sweep: a bound method, of which the thread keeps only a weak reference.
    """

    def __init__(self, sweep: Callable[[], None]) -> None:
        self._sweep = weakref.WeakMethod(sweep)
        self._thread = threading.Thread()

    def start(self) -> None:
        """Start the thread unless it runs; call this for every message.

        A forked process does not inherit the thread. If no thread can be started, expired entries
        are evicted with the next message.
        """
        if self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._run, daemon=True)
        with suppress(RuntimeError):
            self._thread.start()

    def _run(self) -> None:
        time.sleep(_INTERVAL)
        while sweep := self._sweep():
            sweep()
            del sweep  # a reference held while sleeping would keep the owner alive
            time.sleep(_INTERVAL)
