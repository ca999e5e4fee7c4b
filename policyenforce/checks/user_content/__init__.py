"""User Content: texts and links against clauses 5.4-5.7, and the claims made about them.

``screen.Screen`` answers about texts, ``check.CHECKS`` about facts. Importing this package
loads no scanner and no rule pack.
"""
