"""Find the records of two files that belong to one person, with a Splink model whose settings are read from a file.

The people of the warehouse are linked inside the dbt build (models/intermediate/linkage). `relief link` runs the same
code on any two files with their own settings.
"""
