"""Graceful shutdown: fail the health check first, keep serving, then stop accepting.

After SIGTERM gunicorn's own worker keeps its sockets open without accepting: clients that connect
then wait until they are disconnected. This worker keeps answering for a while with 503 on
`/healthz`, so that the load balancer removes it; then it accepts the connections that are pending,
and closes its sockets.

It also limits how long a client may hold a thread (`patience`), and never echoes a request.
"""

import threading
from contextlib import suppress
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from rights_line.web.patience import Connection
from rights_line.web.process import DRAINING
from rights_line.web.unnamed import hide_gunicorn

_REST = 5  # seconds of graceful_timeout reserved for requests in progress


class Worker(ThreadWorker):  # type: ignore[misc]
    """A worker that drains for graceful_timeout minus five seconds."""

    draining = False
    wsgi: Any

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Check the settings before the workers start.

        Raises:
            RuntimeError: TLS is configured; gunicorn prints the reason and exits. `patience` does
                not cover the handshake: a client that stalls there would hold a thread forever.
        """
        super().check_config(cfg, log)
        if cfg.is_ssl:
            fix = "remove certfile and keyfile, and put a proxy in front"
            raise RuntimeError(f"gunicorn must not terminate TLS itself: {fix}")

    def init_process(self) -> None:
        hide_gunicorn()
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        wrapped = self.wsgi

        def application(environ: dict[str, Any], start_response: Any) -> Any:
            environ[DRAINING] = self.draining
            return wrapped(environ, start_response)

        self.wsgi = application

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
        except OSError:  # the client is gone, or too many files are open: keep running
            return
        self.nr_conns += 1
        self.enqueue_req(Connection(self.cfg, client, address, listener.getsockname()))

    def handle(self, conn: Connection) -> Any:
        is_kept_alive = super().handle(conn)
        if not is_kept_alive:
            conn.end()
        return is_kept_alive

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer a malformed request with a bare 400; gunicorn's page echoes the request."""
        self.log.warning("Malformed request")
        with suppress(OSError):
            util.write_error(client, 400, "Bad Request", "")
