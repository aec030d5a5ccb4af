"""WinCC's interfaces over the runtime: the routes that users were promised, and those that Siemens' clients use."""
