"""The form of a request, read as werkzeug reads it."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.wrappers import Request

from rights_line.web.request_body import WebhookRequest

PIECES = ("&", "=", "+", "%", "%C3%A5", "%c3", "%E2%82%AC", "%ed%a0%80", "%00", "é", "€", "a", ";")


def environ(body: bytes, content_type: str) -> dict[str, Any]:
    return {
        **{"REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type, "wsgi.input": BytesIO(body)},
        "CONTENT_LENGTH": str(len(body)),
    }


def assert_read_as_werkzeug_reads(body: bytes, content_type: str) -> None:
    ours, theirs = (each(environ(body, content_type)) for each in (WebhookRequest, Request))
    assert [*ours.form.items(multi=True)] == [*theirs.form.items(multi=True)]


@settings(max_examples=1000)
@given(st.one_of(st.binary(), st.lists(st.sampled_from(PIECES)).map(lambda p: "".join(p).encode())))
def test_form_of_any_body_has_the_fields_that_werkzeug_reads(body: bytes) -> None:
    assert_read_as_werkzeug_reads(body, "application/x-www-form-urlencoded; charset=utf-8")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"From=a&Body=b", "text/plain"),
        (b"From=a&Body=b", ""),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_form_of_another_content_type_is_left_to_werkzeug(body: bytes, content_type: str) -> None:
    assert_read_as_werkzeug_reads(body, content_type)
