"""The outbox: every kept event is a row before it is a message; who is logged in at RabbitMQ; and who was put out.

One table is outbox, catch-up, replay and audit (docs/decisions/0001-events-belong-to-live.md). Times are milliseconds
since the epoch.
"""

from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from quiz.live.destinations import MAX_DESTINATION_LENGTH
from quiz.live.messages import MAX_TYPE_LENGTH, Message
from quiz.live.tickets import Ticket

# Characters of a subject: a kind, a colon and a primary key.
MAX_SUBJECT_LENGTH = 100


class ChannelManager(models.Manager["Channel"]):
    def next_seq(self, destination: str) -> int:
        """Take the destination's next number; call it in a transaction.

        The UPDATE holds the row until the commit, so the next caller waits for this one and numbers have no gaps: a
        rolled back transaction gives its number back.
        """
        channel = self.filter(destination=destination)
        if not channel.update(last_seq=F("last_seq") + 1):
            self.bulk_create([Channel(destination=destination)], ignore_conflicts=True)
            channel.update(last_seq=F("last_seq") + 1)
        return channel.values_list("last_seq", flat=True).get()

    def lease(self, destination: str, now: int, until: int) -> bool:
        """Take the right to drain a destination ``until`` then; False while another process has it."""
        return bool(self.filter(destination=destination, drained_until__lte=now).update(drained_until=until))

    def release(self, destination: str, until: int) -> None:
        """Give a lease back before its time, unless it has passed to another."""
        self.filter(destination=destination, drained_until=until).update(drained_until=0)


class Channel(models.Model):
    """A destination and how far it has been numbered."""

    destination = models.CharField(max_length=MAX_DESTINATION_LENGTH, unique=True)
    last_seq = models.BigIntegerField(default=0)
    drained_until = models.BigIntegerField(default=0, help_text="A process sends this outbox until then, ms.")

    objects = ChannelManager()

    def __str__(self) -> str:
        return f"{self.destination} at {self.last_seq}"


class Event(models.Model):
    """One kept message of a destination."""

    destination = models.CharField(max_length=MAX_DESTINATION_LENGTH)
    seq = models.BigIntegerField()
    type = models.CharField(max_length=MAX_TYPE_LENGTH)
    payload = models.JSONField(default=dict)
    at = models.BigIntegerField(help_text="When it happened, ms.")
    published_at = models.BigIntegerField(null=True, help_text="When the broker's receipt came, ms.")

    class Meta:
        ordering = ("destination", "seq")
        constraints = [models.UniqueConstraint(fields=["destination", "seq"], name="live_event_once")]
        indexes = [
            models.Index(fields=["destination", "seq"], condition=Q(published_at=None), name="live_event_unpublished"),
        ]

    def __str__(self) -> str:
        return f"{self.destination} {self.seq} {self.type}"

    def message(self) -> Message:
        return Message(self.destination, self.type, self.payload, self.at, self.seq)

    def envelope(self) -> dict[str, Any]:
        """The event as it stands in a MESSAGE's body and in a catch-up answer."""
        return self.message().envelope


class BrokerLoginManager(models.Manager["BrokerLogin"]):
    def keep(self, ticket: Ticket) -> None:
        """Keep the rights of a good ticket, unless they are those of one that lasts longer."""
        rights = {
            "read": sorted(ticket.read),
            "write": sorted(ticket.write),
            "issued_at": ticket.issued_at,
            "expires_at": ticket.expires_at,
        }
        login, is_new = self.get_or_create(subject=ticket.subject, defaults=rights)
        if not is_new:
            self.filter(pk=login.pk, expires_at__lte=ticket.expires_at).update(**rights)

    def valid(self, subject: str, now: int) -> "BrokerLogin | None":
        """The login of a subject, unless it has ended or was cut."""
        cut = Cut.objects.filter(subject=subject, at__gte=OuterRef("issued_at"))
        return self.filter(~Exists(cut), subject=subject, expires_at__gt=now).first()


class BrokerLogin(models.Model):
    """What somebody may do at a broker that asks us: the rights of the newest ticket, by our names."""

    subject = models.CharField(max_length=MAX_SUBJECT_LENGTH, unique=True)
    read = models.JSONField(default=list)
    write = models.JSONField(default=list)
    issued_at = models.BigIntegerField(help_text="When that ticket was made, ms.")
    expires_at = models.BigIntegerField(help_text="Nothing is allowed from then on, ms.")

    objects = BrokerLoginManager()

    def __str__(self) -> str:
        return self.subject


class CutManager(models.Manager["Cut"]):
    def note(self, subject: str, at: int) -> "Cut":
        """Take nothing that this subject has from before ``at`` for good any more; the broker is still to be told."""
        BrokerLogin.objects.filter(subject=subject, issued_at__lte=at).delete()
        cut, _ = self.update_or_create(subject=subject, defaults={"at": at, "told_at": None})
        return cut

    def voids(self, ticket: Ticket) -> bool:
        """Whether a ticket is from before its subject's cut."""
        return self.filter(subject=ticket.subject, at__gte=ticket.issued_at).exists()


class Cut(models.Model):
    """Somebody who was put out: no broker is to take a ticket from before."""

    subject = models.CharField(max_length=MAX_SUBJECT_LENGTH, unique=True)
    at = models.BigIntegerField(help_text="Tickets from before are void, ms.")
    told_at = models.BigIntegerField(null=True, help_text="When the broker had dealt with it, ms.")

    objects = CutManager()

    class Meta:
        indexes = [models.Index(fields=["subject"], condition=Q(told_at=None), name="live_cut_untold")]

    def __str__(self) -> str:
        return self.subject
