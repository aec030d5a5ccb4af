"""HTTP: routes made from declarations, answers, descriptions, streams."""
