notes-note-run = note of run { $run_name }
notes-older-run-notes-quoted = { $n ->
    [one] { $n } older run note
   *[other] { $n } older run notes
} not quoted; the data files have them.
notes-notes = Notes
notes-what-did-people-write = What did people write down?
notes-note-experiment = note of experiment { $name }
notes-first-characters = { $source }{ $if_cut ->
    [yes] {" "}(its first { $longest_note } characters)
   *[no] {""}
}
