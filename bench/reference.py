"""What the line is measured against: a bare Flask view that does the least that any line must.

It checks Twilio's signature, reads one key and writes one, and answers a constant.
"""

import os

import redis
from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator

app = Flask(__name__)
_validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
_store = redis.Redis.from_url(os.environ["REDIS_URL"])
_url = os.environ["RIGHTS_LINE_PUBLIC_URL"] + "/inbound/twilio_sms"
_answer = '<?xml version="1.0" encoding="UTF-8"?><Response><Message>OK</Message></Response>'


@app.post("/inbound/twilio_sms")
def inbound() -> Response:
    """Answer a constant."""
    signature = request.headers.get("X-Twilio-Signature", "")
    if not _validator.validate(_url, request.form, signature):
        abort(403)
    _store.get(request.form["From"])
    _store.set(request.form["From"], "pl", ex=600)
    return Response(_answer, content_type="text/xml")
