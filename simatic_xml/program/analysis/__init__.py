"""What a typed program says as a whole: uses, calls, references, assignment, flow."""
