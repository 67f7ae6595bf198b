"""The comparison in a report and in a memo: both are composed of the same blocks.

``verdicts``, ``tables``, ``charts``, ``checks``, ``left_out``, ``notices``, ``side_by_side``, ``tasks`` and ``costs`` make blocks;
``comparison`` (a report's section), ``decision``, ``evidence``, ``trust`` and ``appendix`` (the memo's) choose among them.
"""
