"""Analysis of a whole typed program: uses, calls, references, assignment, flow."""
