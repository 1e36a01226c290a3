"""How a text is understood: from the text to an intent, with the evidence for it.

Start with interpret.py. Nothing is imported here, since the library holds types of these modules.
"""
