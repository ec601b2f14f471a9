"""The clock on the wall and the days of an office: cron over daylight-saving changes, holidays, business days."""
