"""What TIA Portal would refuse in a document, found without a TIA Portal; and the check by its schemas."""
