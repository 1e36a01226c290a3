"""The conversation, pure: (text, tag, library, now) -> (reply, tag).

Nothing here reads a clock, a file, the environment or the network, and nothing of ours outside this
package is imported: tests/test_architecture.py fails otherwise. `conversation.respond` is the entry
point for SMS and chat, `ussd` and `voice` for calls; `understanding` finds out what a text means.
"""
