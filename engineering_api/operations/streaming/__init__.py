"""What a stream gets and sends, and the beats that show that it lives."""
