"""REDIS_URL: its form, and its security: the user that logs in, the password and TLS."""

from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from rights_line.errors import Problem

# Schemes that redis-py and sessions/redis_client.py open.
SCHEMES = ("redis://", "rediss://", "unix://", "redis+sentinel://", "rediss+sentinel://")
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1", ""}
# As in deploy/redis/users.acl.
LINE_USER = (
    "line on '>LINE_PASSWORD' resetkeys '~{rights-line}:*' resetchannels nocommands "
    "+auth +hello +ping +get +set +getex +del +eval '+client|setinfo'"
)
_LINE_URL = "redis://line:PASSWORD@... for the user `line` of deploy/redis/users.acl"


def is_valid(url: str) -> bool:
    """Whether a Redis client can be made for a URL.

    An @ after the host ends a password that contains an unescaped / or #; the host is then wrong.
    """
    if not url.startswith(SCHEMES):
        return False
    try:
        parts = urlsplit(url)
        if parts.scheme != "unix" and "@" in parts.path + parts.fragment:
            return False
        hosts = parts.netloc.rpartition("@")[2].split(",")
        ports = [urlsplit(f"//{host}").port for host in hosts]
    except ValueError:
        return False
    if parts.scheme.endswith("+sentinel"):
        return bool(parts.path.strip("/")) and all(ports)
    return 0 not in ports and len(hosts) == 1


def problems(url: str) -> Iterator[Problem]:
    """Yield the problems of REDIS_URL itself, without quoting any part of it."""
    yield from transport_problems(url)
    if not urlsplit(url).password and "password" not in _options(url):
        fix = (
            f"Use {_LINE_URL}. Until then, set a password that `openssl rand -hex 24` prints: "
            "`redis-cli CONFIG SET requirepass PASSWORD`, and use redis://:PASSWORD@..."
        )
        yield Problem("REDIS_URL", "must have a password, got none", fix)
    if "+sentinel://" in url and "sentinel_password" not in _options(url):
        summary = "must have a password of the sentinels, who could name another server as master"
        fix = (
            "Use deploy/redis/sentinel.conf and sentinel.acl, and append "
            "?sentinel_username=line&sentinel_password=PASSWORD"
        )
        yield Problem("REDIS_URL", f"{summary}; got none", fix)
    if user(url) == "default":
        summary = "must log in as a user with an ACL, got the user default"
        fix = f"Run `redis-cli ACL SETUSER {LINE_USER}`, add it to users.acl, and use {_LINE_URL}"
        yield Problem("REDIS_URL", summary, fix)


def transport_problems(url: str) -> Iterator[Problem]:
    """Yield a problem if others on the network could read along or pose as the server."""
    parts, options = urlsplit(url), _options(url)
    hosts = {
        urlsplit(f"//{host}").hostname or "" for host in parts.netloc.rpartition("@")[2].split(",")
    }
    if not parts.scheme.startswith(("rediss", "unix")) and not hosts <= LOCAL_HOSTS:
        summary = "must use TLS to another host, got an unencrypted connection"
        fix = (
            "Use rediss:// (rediss+sentinel://), and write `port 0`, "
            "`tls-port 6379`, `tls-cert-file FILE`, `tls-key-file FILE` into redis.conf"
        )
        yield Problem("REDIS_URL", summary, fix)
    checks_host = options.get("ssl_check_hostname", "true").lower() == "true"
    if options.get("ssl_cert_reqs", "required") != "required" or not checks_host:
        summary = "must verify the server's certificate, got options that disable this"
        fix = "Remove ssl_cert_reqs and ssl_check_hostname; name a private CA with ssl_ca_certs"
        yield Problem("REDIS_URL", summary, fix)


def user(url: str) -> str:
    """Return the user that an address logs in."""
    return unquote(urlsplit(url).username or "") or _options(url).get("username", "default")


def without_credentials(url: str) -> str:
    """Return an address without user and password."""
    parts = urlsplit(url)
    login = ("username=", "password=")
    options = [option for option in parts.query.split("&") if not option.startswith(login)]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}?{'&'.join(options)}"


def _options(url: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
