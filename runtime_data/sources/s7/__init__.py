"""Source: a CPU by the S7 protocol, as PUT/GET communication allows it."""
