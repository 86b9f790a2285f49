"""Start everything that the portal needs in one terminal, watch over it and stop it."""
