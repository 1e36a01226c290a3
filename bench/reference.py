"""The reference of the benchmark: a bare Flask view with the least that any text line needs.

It checks Twilio's signature, reads and writes one key in Redis, and returns a constant reply.
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
def inbound() -> Response:
    """Handle one SMS."""
    signature = request.headers.get("X-Twilio-Signature", "")
    if not _validator.validate(_url, request.form, signature):
        abort(403)
    _redis.get(request.form["From"])
    _redis.set(request.form["From"], "pl", ex=600)
    return Response(_TWIML, content_type="text/xml")
