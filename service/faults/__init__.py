"""Failures on demand, for demos and tests: what can be switched on, its state, and its effects."""
