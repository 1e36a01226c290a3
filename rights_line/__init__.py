"""rights-line: a text line that replies with helplines first, then rights and help in Norway.

Start reading in `web.webhooks` (one message), `core.conversation` (the reply),
`content` (the texts) or `web.app` (the start). docs/design.md says what each package is for,
and CONTRIBUTING.md shows the path of an SMS.
"""
