"""The basis of every object of the fake: life, attributes, collections, services, versions, errors."""
