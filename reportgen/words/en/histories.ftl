### Section "Training histories": how metrics went over the steps of a run.

# The axis where steps are dates.
histories-date-axis = Date (UTC)
# The axis where steps are too large for a picture. $origin is the smallest of them.
histories-offset-axis = Step minus { $origin }

# The name of a line. $number counts from 1.
histories-abandoned-pass = { $run }, abandoned pass { $number }
# The name of the band around line $n.
histories-spread = Smallest to largest of line { $n }

# $runs is a list of "part-1 from step 50 on".
histories-restarted = Restarted: { $runs }.
# $place is "step 50" or a date.
histories-restarted-run = { $run } from { $place }
histories-restart-note = Dotted: steps that a newer pass of the same run replaced. All numbers are of the newest pass.
histories-spread-note = { $n ->
    [one] One run has several points at each step
   *[other] { $n } runs have several points at each step
}: the line is their mean, the band goes from the smallest to the largest.

histories-unequal-sizes = Of groups of unequal sizes (2 : 1 and more) p is the larger of Welch's and the permutation test's. Of skewed values their interval is too narrow.

# The title of a memo's picture.
histories-while-training = { $metric } while training

histories-log-axis = Logarithmic axis.
histories-time-axis = Time since the first point
