"""What people write: normalised, without quotes of ours; known phrases, names, ages and slips."""
