"""The clicks of each day: told by the vendor, or else observed as the difference between two totals.

The days of a link are known from the first day of its first row. They are known to the day of `days_at` where the
vendor tells days, else to the day of `clicks_at`. A known day without a row had no clicks. A row with null clicks is a
day, or a span of days, whose clicks are not known. Rows of one link do not overlap.
"""
