"""Trains the small encoder that the engine ships: all heads at once, on one machine, from a seed.

Starts from all-MiniLM-L6-v2 (Apache-2.0; sentence-transformers). The vocabulary is cut to what the
rows use, since two thirds of the file would be words that nobody here says. Needs torch and
transformers (make ml); nothing here is imported where the product runs.
"""

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

from moderation.engine.encoder import EMBEDDING, LONGEST, spelled
from moderation.engine.heads import HEADS

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
EARLY = 2  # layers after which most texts are known to be nothing
BATCH = 48
HEADS_FASTER = 14  # they begin from nothing
WARM_UP = 0.06
TEMPERATURE = 0.05
EXIT_BATCH, EXIT_PASSES, EXIT_RATE = 128, 3, 2e-3
REPORT_EVERY = 100  # steps


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text with what it teaches; `claim` is the wording of the claim that it is about."""

    text: str
    targets: Mapping[str, float]
    weight: float = 1.0
    claim: str = ""


class First(nn.Module):
    """The first layers, and whether it is worth going on: the log odds that there is something."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.embeddings = bert.embeddings
        self.layers = bert.encoder.layer[:EARLY]
        size = bert.config.hidden_size
        self.look = nn.Linear(size, 4)
        self.worth = nn.Sequential(nn.Linear(4 * size, 48), nn.GELU(), nn.Linear(48, 1))

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        states = _through(self.layers, self.embeddings(input_ids=input_ids), attention_mask)
        look = _attention(self.look(states), attention_mask)
        pooled = torch.einsum("btk,bth->bkh", look, states).flatten(1)
        return states, self.worth(pooled).squeeze(-1)


class Rest(nn.Module):
    """The other layers; for each head, a weighted sum of what each token says of it.

    `evidence` is what each token adds to each logit, so that the words that speak for a label can
    be shown. `embedding` (EMBEDDING numbers, unit length) tells which claim a text is near.
    """

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.layers = bert.encoder.layer[EARLY:]
        size = bert.config.hidden_size
        self.look = nn.Linear(size, len(HEADS))
        self.say = nn.Linear(size, len(HEADS))
        self.bias = nn.Parameter(torch.full((len(HEADS),), -2.0))
        self.embed = nn.Linear(size, EMBEDDING)
        self.dropout = nn.Dropout(0.1)

    def forward(
        self, states: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        states = self.dropout(_through(self.layers, states, attention_mask))
        mask = attention_mask.unsqueeze(-1).float()
        evidence = _attention(self.look(states), attention_mask) * self.say(states)
        mean = (states * mask).sum(1) / mask.sum(1)
        embedding = functional.normalize(self.embed(mean), dim=-1)
        return evidence.sum(1) + self.bias, evidence, embedding


class Network(nn.Module):
    """Both parts. Dropout apart, it gives what the two exported files give one after the other."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.first = First(bert)
        self.rest = Rest(bert)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        states, _ = self.first(input_ids, attention_mask)
        found: tuple[torch.Tensor, torch.Tensor, torch.Tensor] = self.rest(states, attention_mask)
        return found


def _through(layers: nn.ModuleList, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    # Given whole (4 dimensions), so that no mask is built by code that can't be exported.
    away = (1.0 - mask[:, None, None, :].float()) * -1e4
    for layer in layers:
        out = layer(states, away)
        states = out[0] if isinstance(out, tuple) else out
    return states


def _attention(scores: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return torch.softmax(scores + (1.0 - mask.unsqueeze(-1).float()) * -1e4, dim=1)


def full_tokenizer(folder: Path) -> Tokenizer:
    full = Tokenizer.from_file(str(folder / "tokenizer.json"))
    full.no_truncation()
    full.no_padding()
    return full


def make_tokenizer(folder: Path, texts: Sequence[str]) -> tuple[Tokenizer, list[int]]:
    """The tokenizer with the words that the texts use, and their places in the full vocabulary."""
    full = full_tokenizer(folder)
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


def make_network(folder: Path, *, seed: int) -> Network:
    torch.manual_seed(seed)
    config = BertConfig.from_pretrained(folder)
    return Network(BertModel.from_pretrained(folder, config=config, add_pooling_layer=False))


def cut_vocabulary(network: Network, places: Sequence[int]) -> None:
    """Keep the words at these places, in this order."""
    words = network.first.embeddings.word_embeddings.weight.detach()[list(places)].clone()
    kept = nn.Embedding.from_pretrained(words, freeze=False, padding_idx=0)
    network.first.embeddings.word_embeddings = kept


# --- learning ------------------------------------------------------------------------------------


def train(
    network: Network,
    tokenizer: Tokenizer,
    lessons: Sequence[Lesson],
    *,
    rate: float,
    seed: int,
    blanks: float = 0.0,
) -> Network:
    """One pass over the lessons, with a share of `blanks` in place of words, so that no single word
    is relied on. The same lessons and seed give the same network on one machine."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    batches = list(_batches(lessons, tokenizer, rng))
    optimizer = _optimizer(network, rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: _rate(n, len(batches)))
    network.train()
    started, losses = time.monotonic(), []
    for step, batch in enumerate(batches, 1):
        loss = _loss(network, tokenizer, batch, blanks)
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


def _optimizer(network: Network, rate: float) -> torch.optim.Optimizer:
    body = [p for name, p in network.named_parameters() if _is_body(name)]
    rest = [p for name, p in network.named_parameters() if not _is_body(name)]
    groups = [{"params": body, "lr": rate}, {"params": rest, "lr": rate * HEADS_FASTER}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def _is_body(name: str) -> bool:
    return ".layers." in name or ".embeddings." in name


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


def _loss(
    network: Network, tokenizer: Tokenizer, batch: Sequence[Lesson], blanks: float
) -> torch.Tensor:
    claims = list(dict.fromkeys(lesson.claim for lesson in batch if lesson.claim))
    ids, mask = encoded(tokenizer, [lesson.text for lesson in batch] + claims)
    if blanks:
        ends = torch.tensor([tokenizer.token_to_id(name) for name in SPECIAL])
        blank = (torch.rand(ids.shape) < blanks) & ~torch.isin(ids, ends)
        ids = ids.masked_fill(blank, tokenizer.token_to_id("[UNK]"))
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


# --- knowing early -------------------------------------------------------------------------------


def train_exit(
    network: Network,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    goals: Sequence[float],
    weights: Sequence[float],
    *,
    seed: int,
) -> None:
    """Teach the first part whether the whole would find something; nothing else changes."""
    torch.manual_seed(seed)
    first = network.first.eval()
    taught = [*first.look.parameters(), *first.worth.parameters()]
    optimizer = torch.optim.AdamW(taught, lr=EXIT_RATE, weight_decay=0.01)
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    batches = [order[n : n + EXIT_BATCH] for n in range(0, len(order), EXIT_BATCH)]
    steps = EXIT_PASSES * len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: max(0.02, 1 - n / steps))
    for number in (n for _ in range(EXIT_PASSES) for n in torch.randperm(len(batches)).tolist()):
        some = batches[number]
        ids, mask = encoded(tokenizer, [texts[n] for n in some])
        with torch.no_grad():
            states = _through(first.layers, first.embeddings(input_ids=ids), mask)
        pooled = torch.einsum("btk,bth->bkh", _attention(first.look(states), mask), states)
        worth = first.worth(pooled.flatten(1)).squeeze(-1)
        goal = torch.tensor([goals[n] for n in some])
        each = functional.binary_cross_entropy_with_logits(worth, goal, reduction="none")
        (each * torch.tensor([weights[n] for n in some])).mean().backward()
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()


# --- shipping ------------------------------------------------------------------------------------

INTO_FIRST, OUT_OF_FIRST = ["input_ids", "attention_mask"], ["states", "worth"]
INTO_REST, OUT_OF_REST = ["states", "attention_mask"], ["logits", "evidence", "embedding"]


def export(network: Network, tokenizer: Tokenizer, folder: Path) -> None:
    """first.onnx and rest.onnx (weights in 8 bits) and tokenizer.json in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    ids, mask = encoded(tokenizer, ["one text", "and another text that is longer"])
    states, _ = network.first(ids, mask)
    _export(network.first, (ids, mask), INTO_FIRST, OUT_OF_FIRST, folder / "first.onnx")
    _export(network.rest, (states, mask), INTO_REST, OUT_OF_REST, folder / "rest.onnx")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")


def _export(
    part: nn.Module, example: tuple[torch.Tensor, ...], names_in: list[str], names_out: list[str],
    path: Path,
) -> None:  # fmt: skip
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    exact, ready = path.with_suffix(".exact"), path.with_suffix(".ready")
    long = {"input_ids", "attention_mask", "states", "evidence"}
    axes = {
        name: {0: "batch", 1: "length"} if name in long else {0: "batch"}
        for name in (*names_in, *names_out)
    }
    torch.onnx.export(
        part, example, str(exact), input_names=names_in, output_names=names_out,
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    quant_pre_process(str(exact), str(ready), skip_symbolic_shape=True)
    quantize_dynamic(str(ready), str(path), weight_type=QuantType.QInt8, per_channel=True)
    exact.unlink()
    ready.unlink()


def exact_logits(network: Network, tokenizer: Tokenizer, texts: Sequence[str]) -> np.ndarray:
    """The logits of the network itself (texts x heads), to compare with what was shipped."""
    with torch.inference_mode():
        ids, mask = encoded(tokenizer, [spelled(text) for text in texts])
        return network(ids, mask)[0].numpy()
