"""PLCSIM Advanced: instances, tags, virtual time, traces."""
