"""What the author of a text is told first; a retry of the text is told the same."""

from typing import Any

from forum.chat.authors import Author
from forum.chat.models import Message, Notice
from moderation.gate import Verdict

APPEAL = "If this is a misunderstanding: under Notices you can ask a moderator to look at it."


def first(message: Message, verdict: Verdict, author: Author) -> dict[str, Any]:
    """The facts of message.ack, beside the ids."""
    answer: dict[str, Any] = {
        "status": message.status,
        "reasons": [{"label": r.label, "text": r.text} for r in verdict.reasons],
    }
    if may_be_looked_at(message, verdict):
        answer["reasons"].append({"label": "appeal", "text": APPEAL})
    if message.seq is not None:
        answer["seq"] = message.seq
    if verdict.support:
        answer["support"] = author.support_cards(verdict.support)
    return answer | _suggestion(message, verdict.suggested)


def correction_data(verdict: Verdict) -> dict[str, Any] | None:
    if verdict.correction is None:
        return None
    sources = [{"title": title, "url": url} for title, url in verdict.correction.sources]
    return {
        "claim": verdict.correction.claim,
        "text": verdict.correction.text,
        "sources": sources,
    }


def may_be_looked_at(message: Message, verdict: Verdict) -> bool:
    """Whether a person can be asked about a refusal: there is a case of it."""
    return message.status == Message.Status.BLOCKED and bool(verdict.severity)


def refusal(message: Message, verdict: Verdict, *, account_id: int) -> Notice:
    """What stays with the author of a refused text: the reasons, and the way to a person."""
    why = " ".join(reason.text for reason in verdict.reasons)
    return Notice(
        account_id=account_id, room=message.room, message=message, kind="blocked", text=why
    )


def without_words(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer that is told once more when the text itself was taken back."""
    return {key: value for key, value in answer.items() if not key.startswith("suggested")}


def _suggestion(message: Message, suggested: str | None) -> dict[str, str]:
    """The same text without the details that its author is asked about; for a share in its two
    parts, and not at all when what was taken out ran over the line between them."""
    if suggested is None:
        return {}
    if not message.opens_share:
        return {"suggested": suggested}
    title, line, body = suggested.partition("\n\n")
    return {"suggested_title": title, "suggested": body} if line else {}
