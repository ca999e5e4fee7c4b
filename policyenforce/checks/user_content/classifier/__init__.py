"""How likely a text is toxic, hateful, sexual or spam: a small model of our own, and any other.

``protocol`` says what a classifier is and ``linear`` holds the one that ships; ``outside`` puts
in one of the operator's. Importing this package loads neither numpy nor weights.
"""
