"""The site: settings, urls, site kit, home, factsheet, search and the IATI exchange."""
