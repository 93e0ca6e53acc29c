"""manage.py serve"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from forum.management import serving


class Command(BaseCommand):
    help = "Serve pages and sockets. Migrate, collectstatic and seed come before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--workers", type=int, default=settings.WEB_WORKERS)

    def handle(self, *args: Any, **options: Any) -> None:
        serving.check_port(options["host"], options["port"])
        serving.serve(options["host"], options["port"], options["workers"])
