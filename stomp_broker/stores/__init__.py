"""Queue stores of our own, behind CoilMQ's interface."""
