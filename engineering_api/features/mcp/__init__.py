"""The Model Context Protocol: the service's tools, resources and prompts for programs with a language model.

The protocol is the official SDK's; it is imported when the first client comes, because that takes longer than a start may.
"""
