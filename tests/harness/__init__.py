"""What the tests stand on: vendors, gateways, clients and clocks, one concern per module."""
