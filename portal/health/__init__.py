"""How the portal is: what is wrong, said in one place for the page, doctor, probes and mails."""
