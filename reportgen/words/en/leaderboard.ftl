### Section "Best runs".

leaderboard-selection = Selection effect: the best of { $n } runs overstates what a re-run will give.
# $range is in the metric's unit.
leaderboard-luck = A lead below { $range } may be luck.
