"""Reference data of the field, and pure functions over it: what all services mean by a place, an industry, a skill."""
