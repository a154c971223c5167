"""What each process has one of, below the app: its log, its metrics, and the resources that its apps share."""
