"""The console: the web pages on which staff start jobs, watch them and settle what needs a person."""
