"""Sign-up, getting back in, handles, sessions: what is private stays private."""

import threading

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.http import HttpRequest
from django.test import Client

from forum.accounts import account as accounts
from forum.accounts import handles, known_browser, muting, reserved, suggestions
from forum.accounts.models import Account, AccountSession, Handle
from forum.chat import control
from forum.errors import Refused
from forum.limits import Delays
from forum.rooms import membership
from forum.rooms.models import Membership
from tests.support.cast import PASSPHRASE, sign_in

pytestmark = pytest.mark.django_db
GOOD = "nine slow tulips 44"


def test_one_gets_back_in_with_the_recovery_key_and_only_once():
    account, key = accounts.sign_up("night-train", GOOD)
    back, new_key = accounts.recover(
        "Night-Train", key.lower().replace("-", " "), "other words 123"
    )
    assert back.pk == account.pk
    with pytest.raises(Refused) as refused:
        accounts.recover("night-train", key, "third words 123")
    assert refused.value.code == "recovery.wrong"
    assert accounts.is_mistyped(new_key) is False
    assert accounts.is_mistyped(new_key[:-1] + "#") is True


def test_a_wrong_key_and_an_unknown_name_get_the_same_answer():
    accounts.sign_up("night-train", GOOD)
    said = []
    for name in ("night-train", "nobody-at-all"):
        with pytest.raises(Refused) as refused:
            accounts.recover(name, accounts.new_recovery_key(), "other words 123")
        said.append((refused.value.code, refused.value.detail))
    assert said[0] == said[1]


def test_recovering_ends_every_session(client):
    account, key = accounts.sign_up("night-train", GOOD)
    sign_in(client, account)
    accounts.recover("night-train", key, "other words 123")
    assert client.get("/account/").status_code == 302
    assert not AccountSession.objects.filter(account_id=account.pk).exists()


@pytest.mark.parametrize(
    "passphrase",
    [
        "short",
        "password123",
        "night-train-9",
        "passphrase",
        "My Passphrase 1!",
        "handrail-handrail",
    ],
)
def test_a_weak_passphrase_is_refused(passphrase):
    with pytest.raises(Refused) as refused:
        accounts.sign_up("night-train", passphrase)
    assert refused.value.code == "passphrase.weak"


def test_what_the_database_holds_opens_no_door(client):
    account, key = accounts.sign_up("night-train", GOOD)
    sign_in(client, account)
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(account, secret)
    stored = str(list(Account.objects.values())) + str(list(AccountSession.objects.values()))
    stored += str(list(Authenticator.objects.values()))
    for hidden in (key, key.replace("-", ""), GOOD, secret, client.session.session_key):
        assert hidden not in stored


@pytest.mark.parametrize(
    "name",
    ["admin", "Adm1n", "m0derat0r", "moderators", "handrail", "H4ndrail-team".replace("4", "a"),
     "support", "supp0rt", "АА", "аdmin", "lee-signs-in", "LEE_SIGNS_IN", "ben", "Ben", "b-e-n",
     "bеn"],
)  # fmt: skip
def test_a_name_that_could_be_taken_for_another_can_not_be_had(ana, ben, lee, name):
    with pytest.raises(Refused) as refused:
        handles.claim_handle(lee, name)
    assert refused.value.code in ("handle.taken", "handle.mixed", "handle.shape")


@pytest.mark.parametrize(
    "name",
    "admin1 1admin TheAdmin adminjoe mod-anna Mod7 m0d-anna moderatorkim HandrailSupport Handrai1"
    " handrail-crew night-crew supportteam support2 dr-smith DrSmith DRSmith dr4smith doctorwho"
    " narcan-nurse thenurse NurseJoy team-handrail staff-jo police-officer helpdesk9".split(),
)
def test_a_name_does_not_pass_for_somebody_who_runs_the_place_or_for_a_profession(lee, name):
    with pytest.raises(Refused) as refused:
        handles.check_handle(name, lee)
    assert refused.value.code == "handle.taken"


@pytest.mark.parametrize(
    "name",
    "modern modest-otter drum dreamer dry-dan steamer screw nursery-rhyme badminton-fan here-again"
    " helpful-hare commodore documents stafford-lad supportive-sam lead-singer root-beer".split(),
)
def test_an_ordinary_word_is_no_reserved_name(lee, name):
    assert handles.check_handle(name, lee) == name


@pytest.mark.parametrize(
    "name", ["ab", "a" * 33, "two words", "-dash", "dash-", "a\u200bb", "<b>x</b>"]
)
def test_a_name_has_a_plain_shape(lee, name):
    with pytest.raises(Refused) as refused:
        handles.claim_handle(lee, name)
    assert refused.value.code == "handle.shape"


@pytest.mark.parametrize(
    "name",
    "ꓮꓓꓟꓲꓠ ꓟꓳꓓꓰꓣꓮꓔꓳꓣ admɪn aɗmin ɑdmin moderatoꞧ ƒacilitator oꝼꝼicial ana-by-the-ꜱea ana-by-the-ʂea"
    " ana-bỿ-the-sea ᎪᏞᎬᎡᎢ ⲥⲣⲓⲥⲓⲥ rŋin r〇bin robin٣ анna אna 김ana".split(),
)
def test_a_name_has_the_plain_letters_of_one_alphabet(lee, name):
    with pytest.raises(Refused) as refused:
        handles.check_handle(name, lee)
    assert refused.value.code == "handle.mixed"


@pytest.mark.parametrize(
    "name", "Zoë-31 jürgen żółw-3 Ελένη Надежда سلام שלום कमल 小林さん さくら サクラ 하늘-7".split()
)
def test_a_name_may_be_written_in_any_of_the_alphabets_of_the_list(lee, name):
    assert handles.check_handle(name, lee) == name


@pytest.mark.parametrize(
    "name",
    "kill-yourself fuck-ben-walks-home fuckBen FUCK_you2 sh1t-show buy-oxy-here Oxy4Sale-dm-me"
    " oxy-4-sale xanax-plug ben-lives-12-main-street call-617-253-1000".split(),
)
def test_a_name_that_hurts_or_sells_is_not_given_out(lee, name):
    with pytest.raises(Refused) as refused:
        handles.claim_handle(lee, name)
    assert refused.value.code == "handle.not_here"


@pytest.mark.parametrize(
    "name", "heroin-free-7 shiitake buyer-of-books no-more-oxy shop-cat ice-skater peacock".split()
)
def test_a_name_may_tell_of_recovery(lee, name):
    assert handles.check_handle(name, lee) == name


def test_suggestions_can_be_had(lee):
    for name in handles.suggest(20):
        handles.check_handle(name, lee)
    words = suggestions.words()
    assert [word for word in words.adjectives + words.nouns if reserved.is_reserved(word)] == []


def test_a_handle_keeps_its_case_and_is_never_given_out_again(lee, ana):
    handle = handles.claim_handle(lee, "Brave-Robin-20")
    lee.delete()
    assert Handle.objects.get(pk=handle.pk).name == "Brave-Robin-20"
    with pytest.raises(Refused):
        handles.claim_handle(ana, "brave-robin-20")


def test_a_handle_can_not_become_a_sign_in_name(ana):
    with pytest.raises(Refused) as refused:
        accounts.sign_up("Ana", GOOD)
    assert refused.value.code == "name.taken"


@pytest.mark.parametrize("path", ["email/", "password/reset/", "signup/", "password/change/"])
def test_the_pages_of_e_mail_are_not_there(client, path):
    assert client.get(f"/account/{path}").status_code == 404


def test_signing_out_clears_what_the_browser_kept(client, ana):
    sign_in(client, ana)
    answer = client.post("/account/sign-out/")
    assert '"storage"' in answer["Clear-Site-Data"]


def test_the_right_passphrase_signs_in_and_a_wrong_one_says_nothing_more(client, ana):
    wrong = client.post("/account/sign-in/", {"login": "ana-signs-in", "password": "x" * 12})
    nobody = client.post("/account/sign-in/", {"login": "no-such-name", "password": "x" * 12})
    assert b"belong together" in wrong.content
    assert b"belong together" in nobody.content
    right = client.post("/account/sign-in/", {"login": "ana-signs-in", "password": PASSPHRASE})
    assert right.status_code == 302


def test_no_page_of_others_shows_a_sign_in_name(client, ana, ben, mo):
    sign_in(client, mo, second_factor=True)
    for path in ("/rooms/", "/rooms/first-days/", "/rooms/first-days/talk/", "/desk/"):
        assert b"ana-signs-in" not in client.get(path).content


def test_joining_takes_a_handle_and_the_charter_as_it_is_now(lee, first_days):
    with pytest.raises(Refused) as refused:
        membership.join(
            lee, "first-days", handle_name="lee", charter_version=99, shows_presence=False
        )
    assert refused.value.code == "charter.changed"
    member = membership.join(
        lee, "first-days", handle_name="lee", charter_version=1, shows_presence=False
    )
    assert member.is_active


def test_a_room_by_request_waits_for_a_welcome(lee, mo, first_days):
    Membership.objects.filter(account=mo).update(room=_by_request())
    asked = membership.join(lee, "grief", handle_name="lee", charter_version=1, shows_presence=True)
    assert asked.status == "requested"
    membership.answer_request(mo, "grief", asked.pk, welcome=True)
    asked.refresh_from_db()
    assert asked.is_active


def _by_request():
    from forum.rooms.models import Room

    Room.objects.filter(slug="grief").update(join_mode="request")
    return Room.objects.get(slug="grief")


def test_a_block_hides_both_ways_and_a_mute_one(ana, ben, first_days):
    theirs, mine, room = ben.handles.get(), ana.handles.get(), first_days.pk
    muting.mute(ana, theirs, by=mine, room_id=room, block=False)
    assert control.hidden_from(ana.pk, mine.pk, room_id=room) == {theirs.pk}
    assert control.hidden_from(ben.pk, theirs.pk, room_id=room) == frozenset()
    muting.mute(ana, theirs, by=mine, room_id=room, block=True)
    assert control.hidden_from(ben.pk, theirs.pk, room_id=room) == {mine.pk}


# --- how often, and how many at once -------------------------------------------------------------


@pytest.mark.parametrize("path", ["passphrase/", "key/new/"])
def test_a_passphrase_is_not_guessed_without_end(client, ana, path):
    sign_in(client, ana)
    guess = {"old": "wrong words 123", "passphrase": "wrong words 123", "new": "other words 123"}
    for _ in range(5):
        assert client.post(f"/account/{path}", guess).status_code in (403, 422)
    right = {"old": PASSPHRASE, "passphrase": PASSPHRASE, "new": "other words 123"}
    assert client.post(f"/account/{path}", right).status_code == 429
    ana.refresh_from_db()
    assert ana.check_password(PASSPHRASE)


def test_few_passphrases_are_hashed_at_the_same_moment(monkeypatch):
    """The moment is held open by hand: every hash that has begun waits to be let go."""
    inside, let_go = threading.Semaphore(0), threading.Event()

    def slow(*_):
        inside.release()
        assert let_go.wait(10)
        return "argon2$"

    monkeypatch.setattr(Argon2PasswordHasher, "encode", slow)
    threads = [threading.Thread(target=make_password, args=[GOOD]) for _ in range(6)]
    for thread in threads:
        thread.start()
    begun = [inside.acquire(timeout=1) for _ in range(3)]
    let_go.set()
    for thread in threads:
        thread.join(10)
    assert begun == [True, True, False]


def test_recovery_is_counted_for_one_name_however_it_is_typed(client, ana):
    tried = ("ana-signs-in", "ANA-signs-in", "ana-signs-i\uff4e", " ana-signs-in", "ana-signs-in")
    form = {"recovery_key": "ABCD", "passphrase": "other words 123"}
    for name in tried:
        assert client.post("/account/recover/", {**form, "sign_in_name": name}).status_code == 422
    answer = client.post("/account/recover/", {**form, "sign_in_name": "\uff41na-signs-in"})
    assert b"Too many tries" in answer.content


def sign_in_with(client, passphrase, *, address="192.0.2.1", name="ana-signs-in"):
    form = {"login": name, "password": passphrase}
    return client.post("/account/sign-in/", form, REMOTE_ADDR=address).status_code


def test_strangers_tries_do_not_keep_somebody_out_of_a_browser_that_they_know(ana):
    hers, strangers = Client(), Client()
    assert sign_in_with(hers, PASSPHRASE) == 302
    hers.post("/account/sign-out/")
    for n in range(6):
        sign_in_with(strangers, "wrong words 123", address=f"198.51.{n}.1")
    assert sign_in_with(strangers, PASSPHRASE, address="203.0.113.1") == 200, "too many tries"
    assert sign_in_with(hers, PASSPHRASE) == 302


def test_a_known_browser_is_known_under_that_name_alone_and_its_cookie_names_nobody(ana, ben):
    browser = Client()
    sign_in_with(browser, PASSPHRASE)
    cookie = browser.cookies["known"]
    assert cookie["httponly"]
    assert "ana" not in cookie.value
    request = HttpRequest()
    request.COOKIES = {"known": cookie.value}
    assert known_browser.known_as(request, "ANA-signs-in")
    assert not known_browser.known_as(request, "ben-signs-in")


def test_a_shared_device_is_not_remembered(client, ana):
    form = {"login": "ana-signs-in", "password": PASSPHRASE, "shared_device": "on"}
    assert client.post("/account/sign-in/", form).status_code == 302
    assert "known" not in client.cookies


def test_delays_grow_and_end():
    now = [0.0]
    delays = Delays(free=2, first=5.0, longest=20.0, clock=lambda: now[0])

    def next_try(seconds):
        now[0] += seconds
        return delays.take("ana")

    waits = [(0, True), (0, True), (4, False), (1, True), (9, False), (1, True), (20, True),
             (19, False), (1, True)]  # fmt: skip
    assert [next_try(seconds) for seconds, _ in waits] == [answer for _, answer in waits]
