"""What visitors tell us of the reference data."""

from django.db import models
from django.utils import timezone


class BrokenLineReport(models.Model):
    """Somebody could not reach a line. Nothing is kept of who it was."""

    country = models.CharField(max_length=2)
    line = models.CharField(max_length=120)
    note = models.CharField(max_length=300, blank=True)
    on = models.DateField(default=timezone.localdate)

    def __str__(self) -> str:
        return f"broken line {self.pk}"
