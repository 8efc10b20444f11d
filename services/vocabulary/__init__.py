"""Reference data that every service may read, and pure functions over it: what is meant by a place, an industry, a skill."""
