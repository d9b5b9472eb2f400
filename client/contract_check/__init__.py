"""Tries an endpoint against the wire contract, one small probe at a time."""
