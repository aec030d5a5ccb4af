"""GRAPH sequencers while they run, the same for all tiers."""
