"""The clicks of each day: told by the vendor, or else observed as the difference between two totals.

The days of a link are known from `days_from` to the day of `days_at`. Between them, a day without a row had no clicks.
A row over several days has their clicks together. A row with null clicks has days whose clicks are not known. Rows of
one link do not overlap. `days_source` tells whose days they are: VENDOR or OBSERVED.
"""
