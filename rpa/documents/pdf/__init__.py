"""What the readers of PDFs share: words and boxes as a person sees them, labels, form fields, ticks."""
