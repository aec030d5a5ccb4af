"""From element trees to the model. What the model has no name for is found afterwards, by comparison."""
