"""What tests do with the surroundings of the CPU: forces, faults of modules, plant models, recorded traces."""
