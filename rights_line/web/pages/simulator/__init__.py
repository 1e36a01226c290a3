"""The simulator at /try: a drawn phone that answers as the line does, with the reason and the cost.

Nothing is stored: the page carries the conversation, and the engine is that of every channel.
"""
