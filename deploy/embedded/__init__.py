"""The embedded default: broker, database, mail sink and all services as processes of one machine, with no container."""
