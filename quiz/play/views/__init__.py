"""What browsers and programs ask of games. Views find the row, check who asks, call one verb, answer."""
