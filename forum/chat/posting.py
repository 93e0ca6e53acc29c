"""The one use case for everything a member writes in a room."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from forum.chat import announcing, answers, authors, log, rendering, texts
from forum.chat.authors import Author
from forum.chat.models import (
    MESSAGE_LENGTH,
    SHARE_LENGTH,
    TITLE_LENGTH,
    Event,
    Message,
    Share,
    new_id,
)
from forum.errors import Refused
from forum.rooms.models import Membership, Room
from moderation import gate
from moderation.gate import Action, ContentRef, Filing, Screened, Verdict

logger = logging.getLogger(__name__)

STATUS_OF = {
    Action.ALLOW: Message.Status.PUBLISHED,
    Action.SUPPORT: Message.Status.PUBLISHED,
    Action.NOTE: Message.Status.PUBLISHED,
    Action.NUDGE: Message.Status.NUDGED,
    Action.HOLD: Message.Status.HELD,
    Action.BLOCK: Message.Status.BLOCKED,
}


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody wants to say: in the live conversation, under a share, or (title) a new share.

    `client_id` makes a retry harmless. `nudged` names the client_id under which the author was
    asked about these very words, which are now sent on purpose.
    """

    account_id: int
    room_slug: str
    body: str
    client_id: UUID
    share_id: UUID | None = None
    title: str = ""
    content_note: str = ""
    nudged: UUID | None = None

    @property
    def digest(self) -> str:
        return texts.digest(texts.whole(self.title, self.body))


@dataclass(slots=True)
class _Work:
    """One post on its way: what is known of it so far."""

    post: Post
    author: Author | None = None
    share: Share | None = None
    draft: gate.Draft | None = None
    verdict: Verdict | None = None
    body_html: str = ""
    message: Message | None = None
    event: Event | None = None
    refusal: Refused | None = None
    earlier: bool = False

    @property
    def is_open(self) -> bool:
        return self.refusal is None and not self.earlier


Answer = Message | Refused


def post(wanted: Post) -> Message:
    """Publish, hold, ask about or refuse one text. A retry with the same client_id gets the first
    answer. Raises Refused when nothing was stored."""
    answer = post_all([wanted])[0]
    if isinstance(answer, Refused):
        raise answer
    return answer


def post_all(posts: Sequence[Post]) -> list[Answer]:
    """The same for several at once: screened as one batch, committed as one transaction.

    Two posts of the same account and client_id in one batch count as a retry of the first.
    """
    first = _without_repeats(posts)
    works = [_Work(p) for p in first.values()]
    _clean(works)
    _find_earlier(works)
    _find_authors(works)
    _render(works)
    try:
        _screen(works)
        _store(works)
        _ask_again(works)
    except IntegrityError:
        # The same client_id came in over another connection while we screened: one by one, the
        # late ones find the first answer.
        if len(works) > 1:
            return [post_all([p])[0] for p in posts]
        _find_earlier(works)
        if works[0].is_open:
            raise
    by_key = {_key(work.post): work for work in works}
    answers = [_answer(by_key[_key(p)]) for p in posts]
    return [
        a if isinstance(a, Refused) or _says_the_same(p, first[_key(p)]) else _other_body()
        for p, a in zip(posts, answers, strict=True)
    ]


def _key(p: Post) -> tuple[int, UUID]:
    return p.account_id, p.client_id


def _without_repeats(posts: Sequence[Post]) -> dict[tuple[int, UUID], Post]:
    first: dict[tuple[int, UUID], Post] = {}
    for p in posts:
        first.setdefault(_key(p), p)
    return first


def _says_the_same(one: Post, other: Post) -> bool:
    return one.digest == other.digest and _place(one) == _place(other)


def _place(p: Post) -> tuple[str, UUID | None]:
    return p.room_slug, p.share_id


def _answer(work: _Work) -> Answer:
    if work.refusal is not None:
        return work.refusal
    assert work.message is not None, "a post that was not refused has a message"
    return work.message


# --- check ---------------------------------------------------------------------------------------


def _clean(works: Iterable[_Work]) -> None:
    for work in works:
        p = work.post
        try:
            limit = SHARE_LENGTH if p.title else MESSAGE_LENGTH
            body = texts.clean(p.body, at_most=limit)
            title = texts.clean(p.title, at_most=TITLE_LENGTH).replace("\n", " ") if p.title else ""
            texts.check_content_note(p.content_note)
            work.post = replace(p, body=body, title=title)
        except Refused as refusal:
            work.refusal = refusal


def _find_earlier(works: Sequence[_Work]) -> None:
    """Fill in the messages of posts that were answered before."""
    keys = {_key(work.post): work for work in works if work.is_open}
    if not keys:
        return
    found = Message.objects.select_related("handle", "room", "share").filter(
        account_id__in={account for account, _ in keys},
        client_id__in={client for _, client in keys},
    )
    for message in found:
        if work := keys.get((message.account_id or 0, message.client_id)):
            _take_earlier(work, message)


def _take_earlier(work: _Work, message: Message) -> None:
    if _same_text(message, work.post):
        work.message, work.earlier = message, True
    else:
        work.refusal = _other_body()


def _same_text(message: Message, p: Post) -> bool:
    same_share = message.opens_share if p.title else message.share_id == p.share_id
    same_room = message.room.slug == p.room_slug
    return same_share and same_room and message.sent_digest == p.digest


def _other_body() -> Refused:
    return Refused(
        "client_id.reused",
        "This message was sent before with other words. Copy your text and send it as a new one.",
        status=409,
    )


def _find_authors(works: Iterable[_Work]) -> None:
    waiting = [work for work in works if work.is_open]
    now = timezone.now()
    found = authors.authors_of({(w.post.account_id, w.post.room_slug) for w in waiting}, now=now)
    for work in waiting:
        answer = found[work.post.account_id, work.post.room_slug]
        if isinstance(answer, Refused):
            work.refusal = answer
            continue
        work.author = answer
        _find_share(work)


def _find_share(work: _Work) -> None:
    """A share is looked up inside the room that was authorised: a foreign one is not there."""
    if work.post.share_id is None or work.author is None:
        return
    work.share = Share.objects.filter(
        pk=work.post.share_id,
        room_id=work.author.room_id,
        messages__opens_share=True,
        messages__status=Message.Status.PUBLISHED,
    ).first()
    if work.share is None:
        work.refusal = Refused(
            "share.gone", "This share is no longer here, so a reply can't be added.", status=404
        )


# --- render and screen: outside the transaction, no lock held ----------------------------------


def _render(works: Iterable[_Work]) -> None:
    for work in works:
        if work.is_open:
            work.body_html = rendering.render(work.post.body)


def _screen(works: Iterable[_Work]) -> None:
    waiting = [(work, work.author) for work in works if work.is_open and work.author]
    drafts = [_draft(work.post, author) for work, author in waiting]
    for (work, _), draft, verdict in zip(waiting, drafts, gate.screen(drafts), strict=True):
        work.draft, work.verdict = draft, verdict


def _draft(p: Post, author: Author) -> gate.Draft:
    return author.draft(texts.whole(p.title, p.body), nudged=author.was_asked(p.nudged, p.digest))


# --- write: one transaction ----------------------------------------------------------------------


def _store(works: Sequence[_Work]) -> None:
    waiting = [work for work in works if work.is_open]
    if not waiting:
        return
    with transaction.atomic():
        rooms = log.lock_rooms(work.author.room_id for work in waiting if work.author)
        _check_still_allowed(waiting, rooms)
        now = timezone.now()
        _use_questions(work for work in waiting if work.is_open)
        waiting = [work for work in waiting if work.is_open and work.verdict]
        for work in waiting:
            _build(work, rooms, now)
        _keep_screenings(waiting)
        Share.objects.bulk_create(w.share for w in waiting if w.share and w.post.title)
        Message.objects.bulk_create(w.message for w in waiting if w.message)
        Event.objects.bulk_create(w.event for w in waiting if w.event)
        log.save_seq(rooms.values())
        _count(waiting)
        _file_cases(waiting)
        _keep_refusals(waiting)
        announcing.after_commit(w.event for w in waiting if w.event)
    for work in waiting:
        _log_decision(work)


def _check_still_allowed(works: Sequence[_Work], rooms: dict[int, Room]) -> None:
    """A ban, a mute or a closed room may have come while the text was screened."""
    members = [work.author for work in works if work.author]
    changed = authors.changed_since(members, rooms)
    for work in works:
        if work.author and (refusal := changed.get(work.author.key)):
            work.refusal = refusal


def _use_questions(works: Iterable[_Work]) -> None:
    """A question lets one text out, and its words go: they stand in the message that answers it.
    Of several that name it at once, all but the first lose the verdict that counted on it."""
    for work in works:
        p, author = work.post, work.author
        if not p.nudged or not author or not author.was_asked(p.nudged, p.digest):
            continue
        asked = Message.objects.filter(account_id=p.account_id, client_id=p.nudged)
        if asked.exclude(body="").update(body="", body_html=""):
            Share.objects.filter(messages__in=asked.filter(opens_share=True)).update(title="")
        else:
            work.author, work.verdict = replace(author, questions=frozenset()), None


def _ask_again(works: Sequence[_Work]) -> None:
    """Screen and store the texts whose question another one had answered first."""
    left = [work for work in works if work.is_open and work.message is None]
    if left:
        _screen(left)
        _store(left)


def _build(work: _Work, rooms: dict[int, Room], now: datetime) -> None:
    author, verdict, p = work.author, work.verdict, work.post
    assert author is not None, "a post without an author was refused"
    assert verdict is not None, "what is built was screened"
    room = rooms[author.room_id]
    if p.title:
        work.share = Share(id=new_id(), room=room, title=p.title, created_at=now)
    message = work.message = Message(
        id=new_id(),
        room=room,
        share=work.share,
        opens_share=bool(p.title),
        account_id=p.account_id,
        handle=author.handle,
        role=author.role,
        client_id=p.client_id,
        sent_digest=p.digest,
        body=p.body,
        body_html=work.body_html,
        content_note=p.content_note or verdict.content_note or "",
        correction=answers.correction_data(verdict),
        status=STATUS_OF[verdict.action],
        place=room.seq,
        sent_at=now,
    )
    if message.status == Message.Status.PUBLISHED:
        kind = Event.Kind.SHARE_OPENED if p.title else Event.Kind.MESSAGE_POSTED
        work.event = log.append(room, kind, message, at=now)
        message.place = message.seq = room.seq
    message.answer = answers.first(message, verdict, author)


def _keep_screenings(works: Sequence[_Work]) -> None:
    items = [
        Screened(ref_of(w.message), w.message.room_id, w.draft, w.verdict)
        for w in works
        if w.message and w.draft and w.verdict
    ]
    for work, screening_id in zip(works, gate.keep(items), strict=True):
        if work.message:
            work.message.screening_id = screening_id


def ref_of(message: Message) -> ContentRef:
    return ContentRef("message", str(message.id))


def _count(works: Sequence[_Work]) -> None:
    published = [work for work in works if work.event]
    for work in published:
        if work.share and work.event:
            replies = 0 if work.post.title else 1
            Share.objects.filter(pk=work.share.pk).update(
                replies=F("replies") + replies, last_seq=work.event.seq
            )
    posts = Counter(work.author.membership_id for work in published if work.author)
    for count in set(posts.values()):
        members = [pk for pk, posted in posts.items() if posted == count]
        Membership.objects.filter(pk__in=members).update(posts=F("posts") + count)


def _file_cases(works: Iterable[_Work]) -> None:
    for work in works:
        message, verdict = work.message, work.verdict
        if message and verdict and verdict.severity:
            account_id = work.post.account_id
            gate.file_case(Filing(ref_of(message), message.room_id, account_id, verdict))


def _keep_refusals(works: Iterable[_Work]) -> None:
    for work in works:
        message, verdict = work.message, work.verdict
        if message and verdict and answers.may_be_looked_at(message, verdict):
            answers.refusal(message, verdict, account_id=work.post.account_id).save()


def _log_decision(work: _Work) -> None:
    if work.message and work.verdict:
        logger.info(
            "event=posted message=%s room=%s status=%s rule=%s policy=%s",
            work.message.id,
            work.message.room_id,
            work.message.status,
            work.verdict.rule,
            work.verdict.policy,
        )
