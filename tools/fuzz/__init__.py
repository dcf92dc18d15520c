"""``make fuzz``: a million frames that are not quite right for the broker, most in this process, some over sockets.

Every input gets one reaction that docs/broker.md has, or is taken in silence. Nothing is raised, and nothing stays.
"""
