"""The clock and the background work: thin Celery tasks that call verbs of the rooms below."""
