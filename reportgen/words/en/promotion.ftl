### Section "Promotion": the versions of a registered model that compete, their gates, and the sign-off.

promotion-title = Promotion
promotion-question = What was each version made from, and who signs?
promotion-lineage = Lineage
promotion-what = What
promotion-value = Value
promotion-version = Version
promotion-aliases = Aliases
promotion-run = Made by run
promotion-registered = Registered
promotion-user = Run by
promotion-commit = Code commit
promotion-source = Source
promotion-data = Data sets
promotion-approvals = Approval tags

## Gates

promotion-no-gate = No gate was declared for this promotion.
promotion-gates-passed = { $n ->
    [one] The gate passed.
   *[other] All { $n } gates passed.
}
# $names is a list of gates with their states.
promotion-gates-open = { $open } of { $n } gates not passed: { $names }.

## Sign-off

promotion-sign-off = Sign-off
promotion-decision = Decision
promotion-by = By
promotion-on = Date
promotion-because = Because
promotion-how-to-sign = Not signed. Sign with reportgen sign, which writes the decision here and in every file.

promotion-gate-words = { $state ->
    [PASS] passed
    [FAIL] failed
    [INCONCLUSIVE] inconclusive
   *[NO_DATA] no data
}
