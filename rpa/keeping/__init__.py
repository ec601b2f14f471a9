"""Where documents, evidence and the newest checkpoint are kept: a folder, or a bucket."""
