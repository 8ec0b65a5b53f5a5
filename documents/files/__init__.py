"""What a file is and whether it may come in; knows neither Django nor the database.

Everything here that opens a file from outside runs in a process of its own, with limits on
time and memory (`inspector`), so that no file can harm the site.
"""
