"""One style for every page, the review file and the simulator.

`base.css` holds the tokens and the parts that pages share. A page adds only rules of its own.
`inline` puts both into the page, and allows them by their hash.
"""
