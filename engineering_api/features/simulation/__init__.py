"""PLCSIM Advanced: instances, tags, time, profiles."""
