"""gunicorn's worker, told to stop: it lets a balancer see that, and loses no request meanwhile.

gunicorn's own goes on listening after SIGTERM without accepting: whoever connects then waits, and
is cut off in the end. This one goes on answering for a while, in which `/healthz` says 503, so that
a balancer looks elsewhere; then takes what has connected already, and stops listening.

Nor does it wait long for any client (`patience`), or tell one what it sent.
"""

import threading
from contextlib import suppress
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from rights_line.web.patience import Connection
from rights_line.web.process import DRAINING
from rights_line.web.unnamed import hide_gunicorn

_REST = 5  # seconds of graceful_timeout that are left for what is under way


class Worker(ThreadWorker):  # type: ignore[misc]
    """A worker that drains for graceful_timeout, less five seconds."""

    draining = False
    wsgi: Any

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Look at the settings before there is a worker.

        Raises:
            RuntimeError: TLS is to be spoken here; gunicorn says why, and ends. `patience` does not
                reach into it: a client that stops in the handshake would keep a thread for ever.
        """
        super().check_config(cfg, log)
        if cfg.is_ssl:
            remedy = "take certfile and keyfile out, and put a proxy in front"
            raise RuntimeError(f"gunicorn is not to speak TLS itself: {remedy}")

    def init_process(self) -> None:
        hide_gunicorn()
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        served = self.wsgi

        def answer(environ: dict[str, Any], start_response: Any) -> Any:
            environ[DRAINING] = self.draining
            return served(environ, start_response)

        self.wsgi = answer

    def handle_exit(self, sig: int, frame: Any) -> None:
        if not self.draining:
            self.draining = True
            wait = max(0, self.cfg.graceful_timeout - _REST)
            timer = threading.Timer(wait, super().handle_exit, [sig, None])
            timer.daemon = True  # SIGINT and SIGQUIT do not wait for it
            timer.start()

    def set_accept_enabled(self, enabled: bool) -> None:
        if self.alive:
            super().set_accept_enabled(enabled)
            return
        super().set_accept_enabled(False)
        for listener in self.sockets:
            self._accept_rest(listener)
            listener.close()

    def _accept_rest(self, listener: Any) -> None:
        taken = -1
        while taken != self.nr_conns:
            taken = self.nr_conns
            self.accept(listener)

    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except OSError:  # it is gone again, or there are too many: no reason to end
            return
        self.nr_conns += 1
        self.enqueue_req(Connection(self.cfg, client, address, listener.getsockname()))

    def handle(self, conn: Connection) -> Any:
        kept = super().handle(conn)
        if not kept:
            conn.end()
        return kept

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what is no request, in few words: gunicorn's repeat it, or are a 5xx."""
        self.log.warning("Malformed request")
        with suppress(OSError):
            util.write_error(client, 400, "Bad Request", "")
