"""What the gateway costs, in numbers: `make bench`. README.md says what is measured and what is not."""
