"""Zones, and who and what stands where in them."""
