"""The site kit: tables and their exports, text folding, paging. Knows no model of ours."""
