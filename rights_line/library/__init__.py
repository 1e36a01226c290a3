"""The one file between the two programs: `rights-line build` writes it, and the line serves it.

`schema` says what library.json holds, `file` reads and writes it, and `assembly` makes a Library of
it. The line is up to date by `location`. Nothing else knows the format of the file.
"""
