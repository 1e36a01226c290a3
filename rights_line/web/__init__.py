"""The HTTP side: app factory, webhooks, health, fallback, server, web pages.

`startup.create_app` builds the application from the environment. Request and response live here and
in `channels`; the answer to a message is computed in `core`. Nothing here imports `ops`.
"""
