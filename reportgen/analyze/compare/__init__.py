"""Is one group of runs better than another: everything about groups, as numbers and slugs.

The way of one comparison goes through these modules once, downward: ``members`` (which runs each group holds) and ``groups``
make a ``study``; ``values`` are its measurements, ``pairing`` (by ``pair_keys``) and ``likeness`` its design; ``two_groups`` asks
one ``difference`` (with ``margin`` and ``effects``); ``families`` adjusts them together; ``leading_set`` orders the groups;
``comparison`` is the whole. ``tasks`` judges over data sets instead of runs, ``interim_looks`` at the level of a plan;
``group_gates`` and ``costs`` ask the same groups other things. ``findings`` are what the reader must be told as a problem.
"""
