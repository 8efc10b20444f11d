"""Skills as concepts: a vocabulary, and how what people type becomes one of its concepts.

built_in.py and esco.py read vocabularies; shelf.py keeps an imported one; resolver.py finds the concepts that a text means:
spelling.py by how it is written, meaning.py by what it means.
"""
