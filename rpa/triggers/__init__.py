"""What comes by itself: files in a folder, mails, uploads. Each is taken once, and none is lost on the way."""
