"""The one room that knows Playwright: sessions, screens, forms, pictures."""
