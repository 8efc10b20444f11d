"""Reference data that every service may read, and pure functions over it. It imports no service and no framework."""
