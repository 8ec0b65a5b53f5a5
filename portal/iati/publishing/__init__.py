"""Our own IATI: activities of projects and funds, the files of them, what a registry asks for."""
