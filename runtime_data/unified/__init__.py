"""The GraphQL interface of WinCC Unified, over the tags, alarms and history of the runtime. Page: docs/runtime/unified.md."""
