"""A charter as it is read: its sections in their order, under headings in the room's language."""

from dataclasses import dataclass
from typing import Any

from forum.rooms.models import Room

ORDER = tuple(
    "purpose who_for not_for expect guidelines what_it_is_not medication schedule roles"
    " confidentiality independence".split()
)
HEADINGS = {
    "en": {
        "purpose": "What it is for",
        "who_for": "Who it is for",
        "not_for": "Who will be better off elsewhere",
        "expect": "What you can expect",
        "guidelines": "Guidelines",
        "what_it_is_not": "What it is not",
        "medication": "Medication",
        "schedule": "When",
        "roles": "Who looks after it",
        "confidentiality": "What stays here",
        "independence": "Independence",
    },
    "es": {
        "purpose": "Para qué es",
        "who_for": "Para quién es",
        "not_for": "Quién estará mejor en otro lugar",
        "expect": "Qué puedes esperar",
        "guidelines": "Nuestras pautas",
        "what_it_is_not": "Lo que no es",
        "medication": "Medicación",
        "schedule": "Cuándo",
        "roles": "Quién la cuida",
        "confidentiality": "Lo que se queda aquí",
        "independence": "Independencia",
    },
}
OTHERWISE = "en"


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    lines: tuple[str, ...]
    link: str = ""

    @property
    def is_list(self) -> bool:
        return len(self.lines) > 1


@dataclass(frozen=True, slots=True)
class Charter:
    """`heading_language` differs from `language` where the headings are not translated."""

    language: str
    heading_language: str
    sections: tuple[Section, ...]
    guidelines_heading: str
    guidelines: tuple[str, ...]
    independence: str


def charter_of(room: Room) -> Charter:
    spoken = room.language if room.language in HEADINGS else OTHERWISE
    headings = HEADINGS[spoken]
    return Charter(
        language=room.language,
        heading_language=spoken,
        sections=tuple(
            Section(headings[key], _lines(room.charter[key]), _link(room.charter, key))
            for key in ORDER
            if room.charter.get(key)
        ),
        guidelines_heading=headings["guidelines"],
        guidelines=_lines(room.charter.get("guidelines", [])),
        independence=room.charter.get("independence", ""),
    )


def _lines(text: str | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _link(charter: dict[str, Any], key: str) -> str:
    """The site of the organisation that a room is independent of."""
    return str(charter.get("independence_link", "")) if key == "independence" else ""
