"""Attacks on the audit trail by somebody who has the database file and, in the end, the signing key."""
