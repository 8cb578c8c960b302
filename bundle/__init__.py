"""The bundle for closed networks: everything that a computer without a network needs to run the review pages.

``make bundle`` writes a zip a platform to ``dist/``: the wheels of all runtime packages (for several versions of
Python), our own wheel with its models, sample documents, a guide, and a script to start it. What starts it on the
computer is ``files/start.py``, which knows nothing but Python's standard library.
"""
