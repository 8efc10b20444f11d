"""Imports: CSV files of people and companies, and Europass documents, become the same commands that a form leads to."""
