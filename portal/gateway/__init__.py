"""My Gateway: where those who keep a project's documents do so."""
