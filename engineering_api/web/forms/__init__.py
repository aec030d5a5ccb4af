"""The forms of answers: JSON, XML or CSV, and what routes for other systems have instead."""
