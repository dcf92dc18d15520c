"""Publish and subscribe for Django: outbox, tickets, one kept STOMP connection. Knows nothing of games."""
