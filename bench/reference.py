"""The reference of the benchmark: bare Flask views with the least that any text line needs.

An SMS: check Twilio's signature, read and write one key in Redis, return a constant reply. USSD is
the same without the signature, since Africa's Talking does not sign.
"""

import os

import redis
from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator

app = Flask(__name__)
_validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
_redis = redis.Redis.from_url(os.environ["REDIS_URL"])
_url = os.environ["RIGHTS_LINE_PUBLIC_URL"] + "/inbound/twilio_sms"
_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response><Message>OK</Message></Response>'


@app.post("/inbound/twilio_sms")
def sms() -> Response:
    """Handle one SMS."""
    signature = request.headers.get("X-Twilio-Signature", "")
    if not _validator.validate(_url, request.form, signature):
        abort(403)
    _remember(request.form["From"])
    return Response(_TWIML, content_type="text/xml")


@app.post("/inbound/africastalking_ussd/<token>")
def ussd(token: str) -> Response:
    """Handle one request of a USSD session."""
    _remember(request.form["phoneNumber"])
    return Response("CON OK", content_type="text/plain")


@app.get("/healthz")
def healthz() -> str:
    """Show that the process answers."""
    return "OK"


def _remember(sender: str) -> None:
    _redis.get(sender)
    _redis.set(sender, "pl", ex=600)
