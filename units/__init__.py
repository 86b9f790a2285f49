"""Who, where, may: units, accounts, teams, scope, audit, mail."""
