"""How gunicorn runs the line; PORT and WEB_CONCURRENCY are read by gunicorn itself."""

import gc
from pathlib import Path
from typing import Any

from rights_line.web.process import prepare

prepare()

# Threads, and at SIGTERM every request that has come is answered.
worker_class = "rights_line.web.draining.Worker"
# Many: a thread waits for each client that is slow, and must not keep others waiting.
threads = 128
# Faults are shown once, and the key of the memory is made before the fork.
preload_app = True
# Of these seconds the last five are for what is under way; before them /healthz says 503.
graceful_timeout = 8
timeout = 30
# A proxy that keeps connections sends the next message on one that is being closed, and not again.
keepalive = 0
# Each worker's sign of life, a file without a name, in memory: the disk may be read-only, or slow.
_shared_memory = Path("/dev/shm")  # noqa: S108
worker_tmp_dir = str(_shared_memory) if _shared_memory.is_dir() else None
accesslog = None
# Nobody steers it from outside: no socket in the home folder.
control_socket_disable = True
logger_class = "rights_line.web.server_log.ServerLog"
# No header changes the path: with SCRIPT_NAME a client would get past the rules of a proxy.
forwarder_headers = ""
forwarded_allow_ips = ""
# A Unix socket is for the line's user and its group, which the proxy in front must be in.
umask = 0o007
# What a gateway sends is short; a longer line is an attack. The longest is a text of thirteen parts
# that Kannel puts into an address, with nine characters for each of another script.
limit_request_line = 8190
limit_request_fields = 50
limit_request_field_size = 8190


def on_starting(server: Any) -> None:
    """Start no processes that do not share a memory, however gunicorn was told of them.

    Raises:
        RuntimeError: it was; gunicorn says why, and ends.
    """
    served = server.app.wsgi()
    if server.cfg.workers > 1 and getattr(served, "config", {}).get("ONE_PROCESS"):
        raise RuntimeError("several workers do not share a memory: use one, or set REDIS_URL")


def when_ready(server: Any) -> None:
    """Let the garbage collector pass over what was made at start: none of it is ever given up."""
    gc.collect()
    gc.freeze()
