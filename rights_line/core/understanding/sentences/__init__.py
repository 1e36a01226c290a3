"""Sentences: the sentence model, the phrases as evidence, and the cost of being wrong."""
