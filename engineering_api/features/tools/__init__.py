"""Tools for programs that speak: made from the operation catalogue, few at first sight, small in their answers.

MCP and the assistant offer the same tools with the same rights; neither has operations that the others lack.
"""
