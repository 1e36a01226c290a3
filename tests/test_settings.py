"""The table of variables, its document, and the warnings about misspelt names."""

import re

import pytest

from rights_line.channels import all_variables, load_channels
from rights_line.settings import Settings
from rights_line.settings.table import VARIABLES as SETTINGS
from rights_line.settings.variable import Variable, variable_list, variable_warnings
from scripts.configuration_docs import EXAMPLE, configuration_page
from tests.support.servers import ROOT

# Keys of a WSGI environment, which the code also calls `environ`.
_OF_A_REQUEST = {
    *("RAW_URI", "REQUEST_URI", "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
    *("SERVER_PROTOCOL", "HTTP_CONNECTION"),
}
_OF_SYSTEMD = {"LISTEN_FDS", "LISTEN_PID"}
_OF_A_TERMINAL = {"NO_COLOR"}  # https://no-color.org
VARIABLES = {row.name: row for row in all_variables()}


def test_table_has_the_variables_that_are_read() -> None:
    """Each variable that the code reads has a row, and each of the settings is read somewhere."""
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "rights_line").rglob("*.py"))
    reads = re.compile(r'environ(?:\.get\(|\[|, )"([A-Z_]+)"')
    read = {*reads.findall(source)} - _OF_A_REQUEST - _OF_SYSTEMD - _OF_A_TERMINAL

    assert {*VARIABLES} >= read
    assert len(read) > 12
    in_table_only = {name for name in SETTINGS if source.count(f'"{name}"') < 2}
    assert in_table_only == set()


@pytest.mark.parametrize("variable", VARIABLES.values(), ids=VARIABLES)
def test_known_variable_is_documented(variable: Variable) -> None:
    """Each row has a sentence and a default; a row with a check has a complete message."""
    message = (variable.must.startswith("must "), bool(variable.fix))

    assert variable.meaning.endswith(".")
    assert variable.default
    assert message == ((variable.is_valid is not bool,) * 2)
    assert not (variable.is_secret and "{value}" in variable.must)


URL = "https://line.example.org"
# Variable -> values that are valid, and values that are not.
VALUES: dict[str, tuple[list[str], list[str]]] = {
    "REDIS_URL": (
        [
            *("redis://127.0.0.1:1/0", "unix:///run/redis.sock?db=1", "redis://line:a%2Fb@h:1/0"),
            "rediss://user:p%40ss@redis.example.org:6380/1?ssl_cert_reqs=required",
            "redis+sentinel://:p%40ss@a.example:26379,b.example:26379/line",
            "rediss+sentinel://a.example:1/line?sentinel_password=x",
        ],
        [
            *("https://:x@redis.example.org:6379", ":x@redis.example.org", " REDIS://:x@a.example"),
            *("redis://:x@a.example:port/0", "redis://:x@[::1", "redis+cluster://:x@host:1"),
            *("redis+sentinel://:x@host/line", "redis+sentinel://:x@host:1", "redis://:x@a:1,b:2"),
            # Passwords that are not percent-encoded; the second starts like a port.
            *("redis://line:a/x+=@127.0.0.1:6379/0", "redis://line:12/x=@127.0.0.1:6379/0"),
            *("redis://line:12#x@127.0.0.1:6379/0", "redis://line:a?b@127.0.0.1:6379/0"),
        ],
    ),
    "RIGHTS_LINE_PUBLIC_URL": (
        [URL, f"{URL}:8443", f"{URL}/line", "http://127.0.0.1:8000"],
        # No signature of Twilio is valid for these, and the address is printed on every card.
        [
            *("https://", "https:///line", "ftp://line.example.org", "line.example.org"),
            *(f"{URL}/", f"{URL}/line/", f"{URL}?a", f"{URL}#a", f"{URL}:0", f"{URL}:99999"),
            *("https://[", f"{URL} ", "https://user:password@line.example.org"),
        ],
    ),
    "RIGHTS_LINE_NUMBER": (
        ["+47 59 44 00 00", "+4759440000", "2044"],
        ["59440000", "Info", "+2044"],
    ),
    "RIGHTS_LINE_USSD": (["*384*7#", "*123#"], ["123", "*123"]),
    "RIGHTS_LINE_HOURLY": (["100"], ["many", "0", "-1", "٣٠٠"]),
    "RIGHTS_LINE_DAILY": (["100"], ["3 000", "0"]),
    "RIGHTS_LINE_METRICS": (
        ["127.0.0.1:9100"],
        ["9100", "127.0.0.1", "localhost:", ":9100", "a b:1", "[::1]:0"],
    ),
    "TWILIO_AUTH_TOKEN": (["a"], [" ", ",", " , "]),
    "TWILIO_ACCOUNT_SID": ([f"AC{'0' * 32}"], ["AC123"]),
}


@pytest.mark.parametrize("name", VALUES)
def test_value_is_checked(name: str) -> None:
    valid, invalid = VALUES[name]
    assert [value for value in valid if not VARIABLES[name].is_valid(value)] == []
    assert [value for value in invalid if VARIABLES[name].is_valid(value)] == []


def test_configuration_page_is_up_to_date() -> None:
    """After a change of the table, run `make docs`."""
    assert (ROOT / "docs" / "configuration.md").read_text("utf-8") == configuration_page()


def test_example_environment_is_valid() -> None:
    """The line starts with it, and knows each name."""
    assert load_channels(variable_list(EXAMPLE, "CHANNELS"), EXAMPLE)
    assert Settings.from_environ(EXAMPLE).number == EXAMPLE["RIGHTS_LINE_NUMBER"]
    assert list(variable_warnings(EXAMPLE, all_variables())) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *(("CHANNEL", "CHANNELS"), ("REDIS_URI", "REDIS_URL"), ("KANNELTOKEN", "KANNEL_TOKEN")),
        *(("RIGHT_LINE_SECRET", "RIGHTS_LINE_SECRET"), ("rights_line_serve", "RIGHTS_LINE_SERVE")),
        ("RIGHTS_LINE_LANGAUGE", "RIGHTS_LINE_LANGUAGES"),
    ],
)
def test_similar_name_is_a_warning(name: str, meant: str) -> None:
    """The sentence names the likely variable, and does not show the value."""
    warned = list(variable_warnings({name: "hunter2"}, all_variables()))
    assert warned == [f"{name} is not a variable of rights-line; did you mean {meant}?"]


@pytest.mark.parametrize(
    "environ",
    [
        {name: "x" for name in VARIABLES},
        {"PATH": "x", "PORT": "1", "HOST": "x", "HOME": "x", "LANG": "x"},
        {"REDIS_URI": "x", "REDIS_URL": "x", "REDIS_TLS_URL": "x"},
    ],
)
def test_other_names_are_not_warned_about(environ: dict[str, str]) -> None:
    """Names of ours, of the machine, and a similar name next to the intended variable."""
    assert list(variable_warnings(environ, all_variables())) == []
