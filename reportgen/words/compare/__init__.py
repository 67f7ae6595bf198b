"""What is said of a comparison: terms, sentences and caveats as functions of the typed values of ``analyze.compare``."""
