"""rights-line: a text line that replies with helplines first, then rights and help in Norway.

Start reading in `web.webhooks` (one message), `core.conversation` (the reply) or `content.loader`
(the texts). docs/design.md says what each package is for, CONTRIBUTING.md shows the path of an SMS.
"""
