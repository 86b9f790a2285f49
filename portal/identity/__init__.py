"""Who somebody is and stays: passwords, second factors, sessions, the bureau's own identity provider."""
