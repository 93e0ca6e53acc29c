"""Words that their author changed or took back after others had read them.

Nobody reads them, unless somebody who saw them asks a moderator to look: then they are evidence of
that case. After SEALED_HOURS they are erased.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from forum.chat.models import Message, SealedWords


def seal(message: Message) -> None:
    """Keep the published words as they are now, before they are changed."""
    title = message.share.title if message.share and message.opens_share else ""
    SealedWords.objects.create(message=message, title=title, body=message.body)


def words_of(message: Message) -> Sequence[SealedWords]:
    """What the message said before and can still be brought before a moderator, oldest first."""
    return list(_kept(timezone.now()).filter(message=message).order_by("pk"))


def open_until(message: Message) -> datetime | None:
    """Until when a moderator can still be asked to look at what it said; None when not any more."""
    newest = _kept(timezone.now()).filter(message=message).order_by("-pk").first()
    return newest.at + timedelta(hours=settings.SEALED_HOURS) if newest else None


def erase_due() -> int:
    """Erase what was kept long enough; how many texts that were."""
    oldest = timezone.now() - timedelta(hours=settings.SEALED_HOURS)
    return SealedWords.objects.filter(at__lte=oldest).delete()[0]


def _kept(now: datetime) -> QuerySet[SealedWords]:
    return SealedWords.objects.filter(at__gt=now - timedelta(hours=settings.SEALED_HOURS))
