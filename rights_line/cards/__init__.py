"""Keyword cards and QR codes, on a web page and as PDF.

`model` says what is on a card, `sheet` where cards lie on A4, `pdf` draws them. The words are those
of the library: a card has no text of its own. WeasyPrint is imported only when a PDF is made.
"""
