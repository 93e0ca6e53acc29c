"""manage.py train_models"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.engine.detectors.learned import MODELS


class Command(BaseCommand):
    help = (
        "Make the models that the engine ships, from moderation/lab/samples, public sets"
        " (--data: a folder of NAME.jsonl.gz, see docs/model-card.md) and the weights of"
        " all-MiniLM-L6-v2 (--weights: a folder with config.json, model.safetensors and"
        " tokenizer.json). About an hour on two cores. Needs `make ml`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, required=True)
        parser.add_argument("--weights", type=Path, required=True)
        parser.add_argument("--out", type=Path, default=MODELS)
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("data", "weights"):
            if not options[name].is_dir():
                raise CommandError(f"--{name}: there is no folder {options[name]}.")
        try:
            # torch and transformers are heavy, and not installed where the product runs.
            from moderation.lab import training
        except ImportError as error:
            raise CommandError(f"{error}. Run `make ml` first.") from error
        training.make_models(
            options["data"], options["weights"], options["out"], seed=options["seed"]
        )
        self.stdout.write(f"Written to {options['out']}. Now: manage.py evaluate test")
