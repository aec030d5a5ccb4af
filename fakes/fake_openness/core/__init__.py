"""What every object of the fake has: life, attributes, collections, services, versions, errors."""
