### What a drawing of a chart says itself.

drawing-no-values = No values to draw
# Over parallel coordinates. $goal is "none" where no end is good; $axis is the label of the last axis.
drawing-ranks = Lines from ochre to blue: { $goal ->
    [none] low to high
   *[other] worst to best
}, by rank in { $axis }
drawing-failed = This chart could not be drawn
drawing-failed-table = Its numbers are in the table below.
drawing-failed-alone = It has no table of its own; its alternative text is above.
# A day of the axis of time.
drawing-day = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
drawing-month = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
drawing-year = { $year }
# How many of $of pairs go where.
drawing-pairs = { $way ->
    [rises] rises
    [falls] falls
   *[stays] stays
} in { $n } of { $of }
# How a time axis of the page writes its ticks, as d3 formats times; empty for Plotly's own way. What follows \n is written where it changes.
drawing-axis-clock = {""}
drawing-axis-day = {""}
drawing-axis-month = {""}
drawing-axis-year = {""}
