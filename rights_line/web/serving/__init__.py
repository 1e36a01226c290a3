"""How the server listens, reads a request and sends the answer."""
