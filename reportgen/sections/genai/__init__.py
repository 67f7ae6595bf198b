"""Sections on evaluations of GenAI applications, in the memo and in reports."""
