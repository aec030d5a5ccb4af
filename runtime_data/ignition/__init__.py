"""The interfaces that clients of Ignition know: WebDev routes for tags, history and alarms, and handlers of users."""
