"""SignalR 2: events for clients that were written for it. Facts: docs/facts/signalr.md."""
