"""Which records of two files are one person: a Splink model whose comparisons and weights are read from a file.

The people of the warehouse are linked inside the dbt build (models/intermediate/linkage); `relief link` runs the same
code on any two files with settings of their own.
"""
