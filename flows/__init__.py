"""The procedures of a quarter on Prefect: thin, without SQL and without arithmetic."""
