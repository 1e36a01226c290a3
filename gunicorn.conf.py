"""Configuration of gunicorn, which reads PORT and WEB_CONCURRENCY itself."""

import gc
from pathlib import Path
from typing import Any

from rights_line.web.process import prepare

prepare()

# Threads that drain on SIGTERM: requests that have arrived are still answered.
worker_class = "rights_line.web.draining.Worker"
# Each slow client occupies a thread, and must not delay the others.
threads = 128
# Print configuration problems once, and create the in-memory key before the fork.
preload_app = True
# /healthz answers 503 for the first three seconds; the last five are for requests in progress.
graceful_timeout = 8
timeout = 30
# A proxy could send the next message on a kept-alive connection that is closing, and not retry it.
keepalive = 0
# Keep the heartbeat file of each worker in tmpfs: the disk may be read-only or slow.
_shared_memory = Path("/dev/shm")  # noqa: S108
worker_tmp_dir = str(_shared_memory) if _shared_memory.is_dir() else None
accesslog = None
# No control socket in the home folder.
control_socket_disable = True
logger_class = "rights_line.web.server_log.ServerLog"
# Ignore headers that change the path: SCRIPT_NAME would bypass the rules of a proxy.
forwarder_headers = ""
forwarded_allow_ips = ""
# Unix socket: access for the user and the group of the line; the proxy must be in that group.
umask = 0o007
# The longest legitimate request line is a text of 13 parts that Kannel puts into the URL, where a
# non-Latin character takes nine.
limit_request_line = 8190
limit_request_fields = 50
limit_request_field_size = 8190


def on_starting(server: Any) -> None:
    """Refuse several workers with sessions in memory, however gunicorn was configured.

    Raises:
        RuntimeError: gunicorn prints the message and exits.
    """
    application = server.app.wsgi()
    if server.cfg.workers > 1 and getattr(application, "config", {}).get("ONE_PROCESS"):
        raise RuntimeError("several workers do not share a memory: use one, or set REDIS_URL")


def when_ready(server: Any) -> None:
    """Exclude start-up objects from garbage collection: they live as long as the process."""
    gc.collect()
    gc.freeze()
