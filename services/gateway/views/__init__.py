"""What clients read: documents made of events alone, which can be dropped and built again at any time. One view a file."""
