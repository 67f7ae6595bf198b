"""How often intervals hold and verdicts, alarms and gates are false: seeded simulations through the functions that reports call."""
