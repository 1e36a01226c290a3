"""A text before anything is understood: normalised, without quotes of our own texts."""
