"""Known words and phrases, and words that are one slip away from them."""
