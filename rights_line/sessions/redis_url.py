"""What an address of Redis says of itself: who logs in, and whether others can listen."""

from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from rights_line.errors import Problem

HERE = ("127.0.0.1", "localhost", "::1", "")
# As in deploy/redis/users.acl.
LINE_USER = (
    "line on '>LINE_PASSWORD' resetkeys '~{rights-line}:*' resetchannels nocommands "
    "+auth +hello +ping +get +set +getex +del +eval '+client|setinfo'"
)
_USERS = "redis://line:password@... for the user `line` of deploy/redis/users.acl"


def address_faults(url: str) -> Iterator[Problem]:
    """Yield what is wrong with REDIS_URL itself; no part of it is shown."""
    yield from transport_faults(url)
    if not urlsplit(url).password and "password" not in _options(url):
        remedy = (
            f"Use {_USERS}; at once, with what `openssl rand -hex 24` prints: "
            "`redis-cli CONFIG SET requirepass PASSWORD`, and redis://:PASSWORD@..."
        )
        yield Problem("REDIS_URL", "has no password", remedy)
    if user_of(url) == "default":
        remedy = f"`redis-cli ACL SETUSER {LINE_USER}`, the same in users.acl, and {_USERS}"
        yield Problem("REDIS_URL", "has no ACL: the line logs in as the user default", remedy)


def transport_faults(url: str) -> Iterator[Problem]:
    """Yield what lets others on the way read along, or answer in the place of Redis."""
    parts, options = urlsplit(url), _options(url)
    if parts.scheme not in ("rediss", "unix") and not set(_hosts(parts)) <= {*HERE}:
        problem = "goes to another machine without TLS"
        remedy = (
            "Use rediss://, and write `port 0`, `tls-port 6379`, `tls-cert-file FILE`, "
            "`tls-key-file FILE` into redis.conf"
        )
        yield Problem("REDIS_URL", problem, remedy)
    if options.get("ssl_cert_reqs", "required") != "required" or not _checks_name(options):
        remedy = (
            "Take ssl_cert_reqs and ssl_check_hostname out; ssl_ca_certs=FILE names a trusted one"
        )
        yield Problem("REDIS_URL", "does not check whom it talks to", remedy)


def user_of(url: str) -> str:
    """Return whom an address logs in."""
    return unquote(urlsplit(url).username or "") or _options(url).get("username", "default")


def bare(url: str) -> str:
    """Return an address without user and password."""
    parts = urlsplit(url)
    kept = [row for row in parts.query.split("&") if not row.startswith(("username=", "password="))]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}?{'&'.join(kept)}"


def _options(url: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def _checks_name(options: dict[str, str]) -> bool:
    return options.get("ssl_check_hostname", "true").lower() == "true"


def _hosts(parts: SplitResult) -> list[str]:
    hosts = parts.netloc.rpartition("@")[2].split(",")
    return [urlsplit(f"//{host}").hostname or "" for host in hosts]
