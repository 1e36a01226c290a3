"""Read content/ and locales/ into the `Library`, once, at start-up.

Start reading at `loader`. Every problem in the files is found before the service starts, and is
reported with its file and line. This package knows nothing of requests, channels or Redis.
"""
