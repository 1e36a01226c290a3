"""Threads that take turns: the one whose turn it is runs the server's loop and answers requests.

Handing each request to another thread took as much CPU time as answering it, because threads of
Python run one at a time. But one thread alone would let everybody wait for a name server or a
Redis that does not answer. So a thread whose answer takes long loses its turn: another one runs the
loop, and the first waits for its next turn when it is done.
"""

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

LONG = 0.02  # seconds of one answer after which another thread runs the loop


class Relay:
    """So many threads that take turns.

    `run_once` is one round of the loop; it returns whether the loop goes on. It calls
    `begin_answer` before what may take long, and `end_answer` afterwards.
    """

    def __init__(self, run_once: Callable[[], bool], threads: int) -> None:
        self._run_once = run_once
        self._threads = threads
        self._turn = threading.Lock()  # held while it is the turn of some thread
        self._guard = threading.Lock()  # guards the attributes below
        self._runner = 0  # identifier of the thread whose turn it is; 0 if it has just lost it
        self._answering_since = math.inf
        self._end: Future[None] = Future()

    def run_relay(self) -> None:
        """Run the loop until it ends; an exception in it is raised here."""
        for _ in range(self._threads):
            threading.Thread(target=self._take_turns, daemon=True).start()
        while True:
            with suppress(TimeoutError):
                return self._end.result(LONG)
            self._end_long_turn()

    def add_task(self, _: object) -> None:
        """Do nothing: waitress calls it for a request that its connection is about to answer."""

    def begin_answer(self) -> None:
        """Note that the thread whose turn it is begins to answer."""
        self._answering_since = time.monotonic()

    def end_answer(self) -> bool:
        """Return whether it still is this thread's turn; if so, nobody takes it now."""
        with self._guard:
            has_turn = self._runner == threading.get_ident()
            if has_turn:
                self._answering_since = math.inf
            return has_turn

    def hand_over(self) -> None:
        """Let another thread run the loop at once, if it is this thread's turn."""
        with self._guard:
            if self._runner == threading.get_ident():
                self._end_turn()

    def _take_turns(self) -> None:
        try:
            while self._run_for_one_turn():
                pass
            self._end.set_result(None)
        except BaseException as error:
            self._end.set_exception(error)

    def _run_for_one_turn(self) -> bool:
        """Run the loop until the turn is lost; return False if the loop has ended."""
        self._turn.acquire()
        self._runner = threading.get_ident()
        while self._runner == threading.get_ident():
            if not self._run_once():
                return False
        return True

    def _end_long_turn(self) -> None:
        with self._guard:
            if time.monotonic() - self._answering_since > LONG:
                self._end_turn()

    def _end_turn(self) -> None:
        self._runner, self._answering_since = 0, math.inf
        self._turn.release()
