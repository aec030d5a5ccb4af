"""Who may do what: keys, users, the audit log."""
