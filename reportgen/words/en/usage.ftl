### What all runs used of the machine together, and its curves.

usage-gpu-hours = GPU hours
# $n runs, of $all with system metrics.
usage-runs = { $n } of { $all } runs sampled
usage-energy = GPU energy, Wh
usage-carbon = CO₂, kg
# $factor is kg of CO2 per kWh.
usage-carbon-note = at { $factor } kg per kWh
# $family is a slug of the code.
usage-curve = { $family ->
    [gpu] GPU utilization
    [gpu_memory] GPU memory
    [power] GPU power
    [cpu] CPU utilization
   *[memory] Memory
}
usage-unit = { $family ->
    [power] Watts
   *[other] Percent
}
usage-time = Time since the first sample
# $n lines, of runs in $order.
usage-alt = { $family ->
    [gpu] GPU utilization
    [gpu_memory] GPU memory
    [power] GPU power
    [cpu] CPU utilization
   *[memory] Memory
} over time of { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
}, best first; the highest value is { $peak } ({ $run }).
# $gpu is the number of the device.
usage-device = { $run }, GPU { $gpu }
usage-method = GPU hours: hours of each GPU that a run sampled, busy or not, for as long as the run took. Energy: that of GPUs, by the trapezoid of sampled watts; gaps are left out.
usage-near-limit = { $n ->
    [one] { $n } run nearly filled its memory
   *[other] { $n } runs nearly filled their memory
}
# $runs is a list of names; $what the metric and $peak its highest value.
usage-near-limit-detail = { $runs } · { $what } { $peak }
