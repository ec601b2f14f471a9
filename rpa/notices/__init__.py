"""Notices: people are told what needs them, in few words and without a value of any record."""
