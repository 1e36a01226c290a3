"""Configuration of gunicorn, which reads PORT and WEB_CONCURRENCY itself."""

import gc
from pathlib import Path
from typing import Any

from rights_line.web.process import prepare

prepare()

# Uses threads, and answers every pending request after SIGTERM.
worker_class = "rights_line.web.draining.Worker"
# Many: each slow client occupies a thread, and must not delay the others.
threads = 128
# Problems are printed once, and the key of the memory store is created before the fork.
preload_app = True
# Seconds. The last five are for requests in progress; before that, /healthz returns 503.
graceful_timeout = 8
timeout = 30
# Off: a proxy could send a message on a connection that is being closed, and not retry it.
keepalive = 0
# Worker heartbeat file in tmpfs: the disk may be read-only or slow.
_shared_memory = Path("/dev/shm")  # noqa: S108
worker_tmp_dir = str(_shared_memory) if _shared_memory.is_dir() else None
accesslog = None
# No control socket in the home directory.
control_socket_disable = True
logger_class = "rights_line.web.server_log.ServerLog"
# No header may change the path: with SCRIPT_NAME a client could bypass the rules of a proxy.
forwarder_headers = ""
forwarded_allow_ips = ""
# A Unix socket is accessible to the line's user and group; the proxy must be in that group.
umask = 0o007
# The longest legitimate line is a text of thirteen SMS parts that Kannel puts into a URL, with nine
# characters for each non-Latin letter.
limit_request_line = 8190
limit_request_fields = 50
limit_request_field_size = 8190


def on_starting(server: Any) -> None:
    """Reject several workers without Redis, however their number was set.

    Raises:
        RuntimeError: there are several; gunicorn prints the reason and exits.
    """
    app = server.app.wsgi()
    if server.cfg.workers > 1 and getattr(app, "config", {}).get("ONE_PROCESS"):
        raise RuntimeError("several workers do not share a memory: use one, or set REDIS_URL")


def when_ready(server: Any) -> None:
    """Exclude start-up objects from garbage collection: they live as long as the process."""
    gc.collect()
    gc.freeze()
