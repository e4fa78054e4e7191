"""What runs on its own: what is due, what is tried again, and who is told."""
