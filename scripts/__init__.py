"""Scripts for developers; the line imports none of them."""
