"""The assistant: a language model of the user's choice that works with the service's own tools, under the caller's rights.

`settings` says which model is asked, where and with which key; `messages` is a conversation in one form for all providers,
which the two dialects write and read; `wire` sends it, and makes a clear outcome of every fault. `agent` is one turn: model,
tools, model, within limits. `assistant` knows the turns of the service, `history` keeps conversations, `stream` sends a
turn as it happens. `offline` answers when no model is set up; `extraction` makes a document of a JSON schema.
"""
