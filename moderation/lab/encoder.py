"""Trains the small encoder that the engine ships: all heads at once, on one machine, from a seed.

Starts from all-MiniLM-L6-v2 (Apache-2.0; sentence-transformers). The vocabulary is cut to what the
rows use, since two thirds of the file would be words that nobody here says. Needs torch and
transformers (make ml); nothing here is imported where the product runs.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from moderation.engine.encoder import LONGEST, spelled
from moderation.engine.heads import HEADS

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
EMBEDDING = 128
BATCH = 48
RATE, HEAD_RATE = 7e-5, 1e-3
WARM_UP = 0.06
TEMPERATURE = 0.05
REPORT_EVERY = 100  # steps


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text with what it teaches; `claim` is the wording of the claim that it is about."""

    text: str
    targets: Mapping[str, float]
    weight: float = 1.0
    claim: str = ""


class Network(nn.Module):
    """Token states -> for each head, a weighted sum of what each token says of it.

    `evidence` is what each token adds to each logit, so that the words that speak for a label can
    be shown. `embedding` (EMBEDDING numbers, unit length) tells which claim a text is near.
    """

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        size = bert.config.hidden_size
        self.look = nn.Linear(size, len(HEADS))
        self.say = nn.Linear(size, len(HEADS))
        self.bias = nn.Parameter(torch.full((len(HEADS),), -2.0))
        self.embed = nn.Linear(size, EMBEDDING)
        self.dropout = nn.Dropout(0.1)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        mask = attention_mask.unsqueeze(-1).float()
        # Given whole (4 dimensions), so that no mask is built by code that can't be exported.
        away = (1.0 - attention_mask[:, None, None, :].float()) * -1e4
        states = self.dropout(self.bert(input_ids=input_ids, attention_mask=away)[0])
        look = torch.softmax(self.look(states) + (1.0 - mask) * -1e4, dim=1)
        evidence = look * self.say(states)
        mean = (states * mask).sum(1) / mask.sum(1)
        embedding = functional.normalize(self.embed(mean), dim=-1)
        return evidence.sum(1) + self.bias, evidence, embedding


def make_tokenizer(folder: Path, texts: Sequence[str]) -> tuple[Tokenizer, list[int]]:
    """The tokenizer with the words that the texts use, and their places in the full vocabulary."""
    full = Tokenizer.from_file(str(folder / "tokenizer.json"))
    full.no_truncation()
    full.no_padding()
    used: Counter[str] = Counter()
    for encoded in full.encode_batch([spelled(text) for text in texts]):
        used.update(encoded.tokens)
    vocabulary = full.get_vocab()
    kept = list(SPECIAL)
    kept += sorted(
        (w for w in vocabulary if w not in SPECIAL and _is_kept(w, used)),
        key=vocabulary.__getitem__,
    )
    small = Tokenizer(models.WordPiece({w: n for n, w in enumerate(kept)}, unk_token="[UNK]"))  # noqa: S106
    small.normalizer = normalizers.BertNormalizer(lowercase=True)
    small.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    cls, sep = SPECIAL.index("[CLS]"), SPECIAL.index("[SEP]")
    small.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", cls), ("[SEP]", sep)]
    )
    return small, [vocabulary[w] for w in kept]


def _is_kept(word: str, used: Counter[str]) -> bool:
    return used[word] >= 2 or (len(word.removeprefix("##")) == 1 and word.isascii())


def make_network(folder: Path, places: Sequence[int]) -> Network:
    config = BertConfig.from_pretrained(folder)
    bert = BertModel.from_pretrained(folder, config=config, add_pooling_layer=False)
    words = bert.embeddings.word_embeddings.weight.detach()[list(places)]
    bert.embeddings.word_embeddings = nn.Embedding.from_pretrained(
        words, freeze=False, padding_idx=0
    )
    bert.config.vocab_size = len(places)
    return Network(bert)


# --- learning ------------------------------------------------------------------------------------


def train(
    network: Network, tokenizer: Tokenizer, lessons: Sequence[Lesson], *, seed: int
) -> Network:
    """One pass over the lessons. The same lessons and seed give the same network on one machine."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    batches = list(_batches(lessons, tokenizer, rng))
    optimizer = _optimizer(network)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: _rate(n, len(batches)))
    network.train()
    started, losses = time.monotonic(), []
    for step, batch in enumerate(batches, 1):
        loss = _loss(network, tokenizer, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        losses.append(loss.item())
        if step % REPORT_EVERY == 0:
            spent = time.monotonic() - started
            mean = sum(losses[-REPORT_EVERY:]) / REPORT_EVERY
            print(f"step {step} of {len(batches)}, loss {mean:.4f}, {spent:.0f} s", flush=True)
    return network.eval()


def _optimizer(network: Network) -> torch.optim.Optimizer:
    body = [p for name, p in network.named_parameters() if name.startswith("bert.")]
    rest = [p for name, p in network.named_parameters() if not name.startswith("bert.")]
    groups = [{"params": body, "lr": RATE}, {"params": rest, "lr": HEAD_RATE}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def _rate(step: int, steps: int) -> float:
    warm = max(1, int(steps * WARM_UP))
    return step / warm if step < warm else max(0.02, (steps - step) / (steps - warm))


def _batches(
    lessons: Sequence[Lesson], tokenizer: Tokenizer, rng: random.Random
) -> Iterator[list[Lesson]]:
    """Texts of like length together, in a mixed order; those about claims apart."""
    about = [lesson for lesson in lessons if lesson.claim]
    other = [lesson for lesson in lessons if not lesson.claim]
    plain, claims = _like(other, rng), _like(about, rng)
    rng.shuffle(plain)
    rng.shuffle(claims)
    every = max(1, (len(plain) + len(claims)) // max(1, len(claims)))
    for number in range(len(plain) + len(claims)):
        source = claims if claims and (number % every == 0 or not plain) else plain
        yield source.pop()


def _like(lessons: Sequence[Lesson], rng: random.Random) -> list[list[Lesson]]:
    mixed = list(lessons)
    rng.shuffle(mixed)
    found = []
    for start in range(0, len(mixed), BATCH * 30):
        chunk = sorted(mixed[start : start + BATCH * 30], key=lambda lesson: len(lesson.text))
        found += [chunk[n : n + BATCH] for n in range(0, len(chunk), BATCH)]
    return found


def _loss(network: Network, tokenizer: Tokenizer, batch: Sequence[Lesson]) -> torch.Tensor:
    claims = list(dict.fromkeys(lesson.claim for lesson in batch if lesson.claim))
    ids, mask = encoded(tokenizer, [lesson.text for lesson in batch] + claims)
    logits, _, embedding = network(ids, mask)
    target = torch.full((len(batch), len(HEADS)), float("nan"))
    for row, lesson in enumerate(batch):
        for head, value in lesson.targets.items():
            target[row, HEADS.index(head)] = value
    known = ~torch.isnan(target)
    weight = torch.tensor([lesson.weight for lesson in batch]).unsqueeze(1) * known
    each = functional.binary_cross_entropy_with_logits(
        logits[: len(batch)], torch.nan_to_num(target), reduction="none"
    )
    # What applies is rarer than what doesn't, and worse to miss.
    each = each * (1.0 + 2.0 * torch.nan_to_num(target))
    loss = (each * weight).sum() / weight.sum() * len(HEADS) / 4
    if len(claims) < 2:
        return loss
    near = embedding[: len(batch)] @ embedding[len(batch) :].T / TEMPERATURE
    about = [(n, claims.index(lesson.claim)) for n, lesson in enumerate(batch) if lesson.claim]
    rows, places = zip(*about, strict=True)
    return loss + 0.3 * functional.cross_entropy(near[list(rows)], torch.tensor(places))


def encoded(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")  # noqa: S106 - no password
    found = tokenizer.encode_batch(list(texts))
    ids = torch.tensor([one.ids for one in found])
    mask = torch.tensor([one.attention_mask for one in found])
    return ids, mask


# --- shipping ------------------------------------------------------------------------------------


def export(network: Network, tokenizer: Tokenizer, folder: Path) -> None:
    """encoder.onnx (weights in 8 bits) and tokenizer.json in the folder."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    folder.mkdir(parents=True, exist_ok=True)
    exact, ready = folder / "exact.onnx", folder / "ready.onnx"
    ids, mask = encoded(tokenizer, ["one text", "and another text that is longer"])
    torch.onnx.export(
        network,
        (ids, mask),
        str(exact),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits", "evidence", "embedding"],
        dynamic_axes={
            name: {0: "batch", 1: "length"} for name in ("input_ids", "attention_mask", "evidence")
        }
        | {name: {0: "batch"} for name in ("logits", "embedding")},
        opset_version=17,
        dynamo=False,
    )
    quant_pre_process(str(exact), str(ready), skip_symbolic_shape=True)
    quantize_dynamic(
        str(ready), str(folder / "encoder.onnx"), weight_type=QuantType.QInt8, per_channel=True
    )
    exact.unlink()
    ready.unlink()
    tokenizer.no_truncation()
    tokenizer.no_padding()
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")


def exact_logits(network: Network, tokenizer: Tokenizer, texts: Sequence[str]) -> np.ndarray:
    """The logits of the network itself (texts x heads), to compare with what was shipped."""
    with torch.inference_mode():
        ids, mask = encoded(tokenizer, [spelled(text) for text in texts])
        return network(ids, mask)[0].numpy()


def save_checkpoint(network: Network, path: Path) -> None:
    torch.save(network.state_dict(), path)


def describe(folder: Path) -> str:
    return json.loads((folder / "config.json").read_text())["_name_or_path"]
