"""The HTTP side: server, app factory, webhooks, health report, fallback responses, web pages.

`app.create_app` builds the application from the environment, and `server.serve_app` serves it.
Requests and responses are handled here and in `channels`; the reply to a message is computed in
`core`. Nothing here imports `ops`.
"""
