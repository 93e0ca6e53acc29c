"""The trained model as it is shipped: what it must know, and how it fails."""

import json
import shutil

import pytest

from moderation.engine.detectors.claims import Claims
from moderation.engine.detectors.learned import MODELS, Learned, ModelError
from moderation.engine.encoder import spelled_with_places
from moderation.engine.screener import Screener
from moderation.engine.types import Action, Draft
from moderation.lab import evaluation, rows

LARGEST = 30 * 2**20
LEAST_AREA = 0.8  # under the ROC curve; chance is 0.5


@pytest.fixture(scope="module")
def engine():
    return Screener.load(with_model=True)


@pytest.fixture(scope="module")
def judged(engine):
    return evaluation.judge(engine, rows.samples("test"))


def test_every_label_is_ranked_far_above_chance(judged):
    labels = {label for one in judged for label in one.row.labels} - {"severe_toxicity", "obscene"}
    figures = evaluation.of_labels(judged, sorted(labels))
    assert {f.label: f.auc for f in figures if f.auc < LEAST_AREA} == {}


def test_the_words_that_spoke_are_words_of_the_text(engine):
    text = "Hey 👋 all. My roommate took ALL her pills, she's blue and won't wake up"
    signals = engine.screen([Draft(text)])[0].signals
    spans = [span for signal in signals if signal.detector == "learned" for span in signal.spans]
    assert spans
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip()


def test_a_disguised_text_is_judged_like_a_plain_one(engine):
    plain = "anyone selling oxy? i need some tonight, dm me"
    disguised = "anyone s e l l i n g 0xy? i need s\u200bome tonight, dm me"
    verdicts = engine.screen([Draft(plain), Draft(disguised)])
    assert min(v.labels["sourcing"] for v in verdicts) > 0.2


def test_a_long_share_is_judged_by_its_gravest_part(engine):
    calm = "We walked along the river and talked about the garden. " * 60
    text = f"{calm} I have the pills here and I am going to end it tonight. {calm}"
    assert engine.screen([Draft(text)])[0].labels["crisis"] > 0.3


def test_what_is_too_long_to_be_read_whole_waits_for_a_person(engine):
    text = " ".join(f"{n}z{n * 7}q" for n in range(3_000))
    verdict = engine.screen([Draft(text)])[0]
    assert verdict.action == Action.HOLD
    assert "unreadable" in {signal.facts.get("kind") for signal in verdict.signals}


def test_pictures_are_read_by_their_names_and_keep_their_places():
    shown, places = spelled_with_places("got 💊 now")
    assert shown == "got  pill  now"
    assert places[shown.index("pill")] == 4
    assert places[-1] == len("got 💊 now")


def test_the_models_are_small_and_hold_no_pickle():
    files = list(MODELS.iterdir())
    assert sum(path.stat().st_size for path in files) < LARGEST
    assert {path.suffix for path in files} <= {".onnx", ".json", ".npz"}


@pytest.mark.parametrize("name", ["first.onnx", "rest.onnx", "tokenizer.json", "claims.npz"])
def test_a_file_that_is_not_the_one_that_was_trained_is_refused(tmp_path, name):
    folder = shutil.copytree(MODELS, tmp_path / "models")
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=name):
        Learned(Claims(), folder)


def test_a_missing_file_is_refused(tmp_path):
    folder = shutil.copytree(MODELS, tmp_path / "models")
    (folder / "rest.onnx").unlink()
    with pytest.raises(FileNotFoundError):
        Learned(Claims(), folder)


def test_models_of_another_engine_are_refused(tmp_path):
    folder = shutil.copytree(MODELS, tmp_path / "models")
    about = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps({**about, "heads": ["mood"]}))
    with pytest.raises(ModelError, match="train anew"):
        Learned(Claims(), folder)
