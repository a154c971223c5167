"""What outlives a request and what workers share: records, versions, leases, locks and counters."""
