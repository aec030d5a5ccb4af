"""The open project as text in a git repository: what is kept where, and git itself.

Nothing here touches TIA Portal; `services/source_control*.py` bring the two together.
"""
