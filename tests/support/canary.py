"""Planted personal data: each form of it, and each place where a leak could leave it.

`Sinks` watches a running line, its Redis, its folders and its outgoing connections.
"""

import base64
import hashlib
import os
import re
import socket
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import quote, quote_plus

from rights_line.channels import registered_channels
from tests.support.servers import ROOT, RedisServer
from tests.support.waiting import wait_until

NUMBER = "+4797531864"
TEXT = "mittolonn sitrongul"
MESSAGE_ID = "5acafe17" * 4
CITY = "Sitronvika"
ADDRESS = "127.0.0.77"
AGENT = "Sitronfon/7.7"
PERSONAL_DATA = frozenset({NUMBER, TEXT, MESSAGE_ID, CITY, ADDRESS, AGENT})

_NUMBER = re.compile(r"(?:whatsapp:)?\+(\d{9,15})")
_CHANNELS = (*registered_channels(), "whatsapp", "tel")
_DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha512", "blake2b")


# 1. Forms of a word


@cache
def spellings(word: str) -> frozenset[bytes]:
    """Return the forms of a word, lower-cased: unchanged, grouped, encoded, hashed."""
    texts = set(_texts(word))
    hashed = {
        f"{name}{mark}{text}" for name in _CHANNELS for mark in ("", "\0", ":") for text in texts
    }
    found = {form for text in texts for form in _encoded(text)}
    found |= {form for text in texts | hashed for form in _digests(text.encode())}
    return frozenset(form.lower() for form in found)


def leaks(data: bytes, words: Collection[str] = PERSONAL_DATA) -> set[str]:
    """Return the words that occur in the data, in any form.

    The data are read once for the beginnings of all forms, since there are 16,000.
    """
    small, forms = data.lower(), _forms_by_beginning(frozenset(words))
    begun = {begin for start in range(_LEAST) for begin in forms.keys() & _integers(small, start)}
    return {word for begin in begun for word, form in forms[begin] if form in small}


_LEAST = 8  # bytes of the shortest form


def _integers(data: bytes, start: int) -> Iterable[int]:
    """Return each eight bytes from a place on as an integer."""
    end = start + (len(data) - start) // _LEAST * _LEAST
    return memoryview(data[start:end]).cast("Q")


@cache
def _forms_by_beginning(words: frozenset[str]) -> Mapping[int, list[tuple[str, bytes]]]:
    """Return the first eight bytes as an integer -> the forms that begin so, with their words."""
    found: dict[int, list[tuple[str, bytes]]] = {}
    for word in words:
        for form in spellings(word):
            assert len(form) >= _LEAST, form
            begin = int.from_bytes(form[:_LEAST], sys.byteorder)
            found.setdefault(begin, []).append((word, form))
    return found


def _texts(word: str) -> Iterator[str]:
    """Yield a word, and for a phone number its usual notations."""
    yield word
    number = _NUMBER.fullmatch(word)
    if not number:
        return
    digits, local = number[1], number[1][-8:]
    yield from (f"+{digits}", digits, f"00{digits}", local)
    for mark in (" ", "-", ".", "\u00a0", "\u202f"):
        yield mark.join(local[at : at + 2] for at in range(0, 8, 2))
        yield mark.join([local[:3], local[3:5], local[5:]])
        yield mark.join([local[:4], local[4:]])


def _encoded(text: str) -> Iterator[bytes]:
    data = text.encode()
    yield from (data, data.hex().encode(), quote(text, safe="").encode(), quote_plus(text).encode())
    yield from (text.encode("utf-16-le"), text.encode("utf-16-be"))
    for before in range(3):  # each alignment in the encoded data
        encoded = base64.b64encode(bytes(before) + data)
        whole = encoded[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
        yield from (whole, whole.translate(bytes.maketrans(b"+/", b"-_")))


def _digests(data: bytes) -> Iterator[bytes]:
    """Yield both ends of each digest, since a key may hold only a part of it."""
    for name in _DIGESTS:
        digest = hashlib.new(name, data).digest()
        yield from (digest.hex()[:16].encode(), digest.hex()[-16:].encode())
        yield from (base64.b64encode(digest)[:10], digest[:8])


# 2. Places

# Folders that tools write while other tests run: byte code and Hypothesis copy this file's words,
# and pytest keeps the names of tests, which have them as parameters.
NOT_OURS = (".git", ".venv", "__pycache__", ".hypothesis", ".pytest_cache")


class Sinks:
    """The places where a line under test could leave data; `SINKS` are their names.

    Attributes:
        environ: variables that make the line write below `folder`.
        work: the working directory of the line.
        answers: every response of the line.
    """

    def __init__(self, folder: Path, redis: RedisServer, proxy: int) -> None:
        self._folder = folder
        self._redis = redis
        self._told = {name: folder / f"{name}.txt" for name in ("output", "reports", "doings")}
        self._clients: list[str] = []
        self._started: list[bytes] = []
        self.answers: list[bytes] = []
        self.proxied = bytearray()
        self.monitored = bytearray()
        self.work = folder / "work"
        for name in ("work", "tmp", "home"):
            (folder / name).mkdir()
        self.environ = {
            "PYTHONPATH": str(ROOT),
            **{"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")},
            **{name.upper(): str(path) for name, path in self._told.items()},
            **{
                name: f"http://127.0.0.1:{proxy}"
                for variable in ("http_proxy", "https_proxy", "all_proxy")
                for name in (variable, variable.upper())
            },
        }
        self._before = dict(self._files())

    def look(self) -> None:
        """Record what exists only for a moment: connections to Redis, and processes."""
        self._clients.append(repr(self._redis.client.client_list()))
        for process in Path("/proc").glob("[0-9]*"):
            if not self._is_of_another_line(process):
                self._started.append(_read(process / "cmdline").replace(b"\0", b" "))

    def _is_of_another_line(self, process: Path) -> bool:
        """Whether a process inherits the variables of a line that other tests watch meanwhile."""
        rows = _read(process / "environ").split(b"\0")
        watched = [row for row in rows if row.startswith(b"DOINGS=")]
        return watched not in ([], [f"DOINGS={self._told['doings']}".encode()])

    def collect(self) -> dict[str, bytes]:
        """Return everything that was left, by place."""
        client = self._redis.client
        client.echo("the day is over")
        wait_until(lambda: b"the day is over" in self.monitored)
        changed = [name for name in self._files() if self._before.get(name[0]) != name[1]]
        return {
            **{name: _read(path) for name, path in self._told.items()},
            "files": b"\n".join(bytes(path) + b"\n" + _read(path) for path, _ in changed),
            "MONITOR": bytes(self.monitored),
            "SLOWLOG": repr(client.slowlog_get(100_000)).encode(),
            "CLIENT LIST": "\n".join(self._clients).encode(),
            "ACL LOG": repr(client.acl_log()).encode(),
            "RDB": self._dump(),
            "Redis' log": _read(self._folder / "redis" / "redis.log"),
            "proxy": bytes(self.proxied),
            "processes": b"\n".join(self._started),
            "answers": b"\n".join(self.answers),
        }

    def _files(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        """Yield each file in the repository and the line's folders, with size and mtime."""
        places = [ROOT, *(self._folder / name for name in ("work", "tmp", "home"))]
        for place in places:
            for folder, folders, names in os.walk(place):
                folders[:] = [name for name in folders if name not in NOT_OURS]
                for name in [*names, *folders]:
                    path = Path(folder, name)
                    with suppress(OSError):  # deleted meanwhile
                        state = path.lstat()
                        yield path, (state.st_size, state.st_mtime_ns)

    def _dump(self) -> bytes:
        """Return the snapshot that Redis writes on BGSAVE."""
        path = self._folder / "redis" / "dump.rdb"
        self._redis.client.bgsave()
        wait_until(lambda: not self._redis.client.info("persistence")["rdb_bgsave_in_progress"])
        return _read(path)


SINKS = (
    *("output", "reports", "doings", "files", "MONITOR", "SLOWLOG"),
    *("CLIENT LIST", "ACL LOG", "RDB", "Redis' log", "proxy", "processes", "answers"),
)


@contextmanager
def watched(folder: Path) -> Iterator[tuple[Sinks, RedisServer]]:
    """Start a Redis that logs as much as possible, and watch it and the folder."""
    (folder / "redis").mkdir()
    options = ("--loglevel", "debug", "--logfile", str(folder / "redis" / "redis.log"))
    # Compression would hide the data in a snapshot.
    redis = RedisServer(folder / "redis", *options, "--rdbcompression", "no")
    with ExitStack() as stack:
        stack.callback(redis.stop)
        redis.start()
        redis.client.config_set("slowlog-log-slower-than", 0)
        redis.client.config_set("slowlog-max-len", 100_000)
        proxy = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        stack.callback(proxy.shutdown, socket.SHUT_RDWR)
        sinks = Sinks(folder, redis, proxy.getsockname()[1])
        threading.Thread(target=_serve, args=[proxy, sinks.proxied], daemon=True).start()
        monitor = stack.enter_context(socket.create_connection(("127.0.0.1", redis.port)))
        monitor.sendall(b"MONITOR\r\n")
        threading.Thread(target=_drain, args=[monitor, sinks.monitored], daemon=True).start()
        wait_until(lambda: b"+OK" in sinks.monitored)
        yield sinks, redis


def _drain(wire: socket.socket, into: bytearray) -> None:
    with suppress(OSError):
        while piece := wire.recv(65536):
            into += piece


def _serve(listener: socket.socket, into: bytearray) -> None:
    """Record outgoing requests; answer 502 and forward nothing."""
    with suppress(OSError):
        while True:
            wire, _ = listener.accept()
            with wire:
                wire.settimeout(0.5)
                _drain(wire, into)
                with suppress(OSError):
                    wire.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")


def _read(path: Path) -> bytes:
    with suppress(OSError):
        return path.read_bytes()
    return b""


def found(sinks: Mapping[str, bytes], words: Iterable[str] = PERSONAL_DATA) -> dict[str, set[str]]:
    found = {name: leaks(data, frozenset(words)) for name, data in sinks.items()}
    return {name: words for name, words in found.items() if words}
