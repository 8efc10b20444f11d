"""The HTTP interface: one file a resource. The requests' bodies are in the clear; what is sent on is sealed."""
