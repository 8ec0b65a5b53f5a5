"""Measurements of the promises that the portal makes about time and memory."""
