"""Keyword cards and QR codes, on a web page and as PDF.

`card_model` holds the content of a card, and `pdf` puts it on A4 paper. The texts come from the
library: a card has none of its own. WeasyPrint is imported only when a PDF is made.
"""
