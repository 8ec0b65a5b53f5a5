"""How well the funds work: how long things take, how punctual reports are, what is passed on."""
