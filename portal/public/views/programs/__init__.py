"""What programs read of the public pages: feeds, calendars, sitemaps and catalogues."""
