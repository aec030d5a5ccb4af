"""Data: the block templates, a description (.json) and for those in SCL a source (.scl) each. See docs/block-templates.md."""
