"""What a worker does: checks, exports, editions, and taking up again what a crash left."""
