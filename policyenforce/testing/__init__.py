"""What tests and demonstrations use: an example marketplace, policy cases, a scenario, strategies.

Import the submodules by name: ``marketplace`` needs nothing beyond the core, ``cases`` and
``scenario`` only what a policy case uses, ``plugin`` pytest, and ``strategies`` Hypothesis.
"""
