"""Runtime data: values of tags from sources, shared by the native routes, WinCC's and Ignition's, history, alarms and sinks."""
