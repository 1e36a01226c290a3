"""From the files in content/ and locales/ to the immutable `Library`, once, at start-up.

`loader` is the entry point. Every problem in the files is found before the line starts and is
reported with its file and line. Nothing here knows a request, a channel or Redis.
"""
