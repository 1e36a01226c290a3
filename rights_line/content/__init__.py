"""Read content/ and locales/, and build `library.json` of them.

Start reading at `loader`. Every problem in the files is found before anything is written, and is
reported with its file and line. This package knows nothing of requests, channels or Redis.
"""
