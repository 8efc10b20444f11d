"""Skills as concepts: a vocabulary, and how what people type becomes one of its concepts."""
