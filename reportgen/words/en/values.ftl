### Words inside of printed values.

values-yes = yes
values-no = no
values-higher = ↑ higher is better
values-lower = ↓ lower is better
values-no-direction = no direction
# An interval in a cell of its own.
values-range = { $low } to { $high }
