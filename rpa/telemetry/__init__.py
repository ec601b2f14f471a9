"""Traces for OpenTelemetry: how long each part of a run took, where somebody wants to know."""
