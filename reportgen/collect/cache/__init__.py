"""Histories of earlier readings, kept so that only what changed is read again."""
