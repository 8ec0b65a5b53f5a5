"""Pages as Markdown: of things, and of home, search and lists."""
