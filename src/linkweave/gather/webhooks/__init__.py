"""What vendors' webhooks say: checked at the vendor, and then told to subscribers and to the catalog."""
