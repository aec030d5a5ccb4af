"""How projects and libraries are kept in files: headers, locks, archives."""
