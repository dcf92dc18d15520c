"""What the relay's measurements share: processes on their own cores, lean pages, bare Twisted beside us, verdicts."""
