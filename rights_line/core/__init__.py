"""The conversation as pure functions: (text, tag, library, now) -> (reply, tag).

Modules in this package do not read a clock, a file, the environment or the network, and import
none of our other packages (checked by tests/test_architecture.py). Start with
`conversation.conversation_reply` for SMS and chat, `ussd.respond_ussd` and `voice.respond_voice`
for sessions by phone. `understanding` turns a text into an intent, and `library` holds all texts.
"""
