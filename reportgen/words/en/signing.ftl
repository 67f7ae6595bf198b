### The decision that a person took, and the place where one is signed.

# $decision is a slug of the code.
signing-title = { $decision ->
    [ship] Decision: ship
    [reject] Decision: reject
    [extend] Decision: collect more runs
   *[hold] Decision: hold
}
# $who is a name, $because what that person wrote; $agreement is a slug of the code.
signing-text = { $who }: { $because } { $agreement ->
    [supported] The computed result supports this.
    [against] This goes against the computed result, which stands as it was.
   *[open] The computed result decides neither way.
}
signing-who-on = { $by }, { $day }
