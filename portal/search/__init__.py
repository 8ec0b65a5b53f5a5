"""One search over everything that is public: by code, number, name, title, text and term."""
