"""Tables: one definition feeds the page and every format."""
