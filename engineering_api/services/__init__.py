"""Rules and orchestration that know neither HTTP nor the object model's details."""
