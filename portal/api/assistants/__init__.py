"""For assistants: the same answers as for programs, by the Model Context Protocol."""
