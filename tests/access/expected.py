"""Who gets what: for each page, method and state the answer to every role (A1).

An answer is a word of `asking.word_for`. A page, a method or a state without a row fails a test,
and so does a row that nothing asks for. "*" stands for every state: the page looks at none first.
"""

from tests.support.world import MEMBERS, NOBODY, OUTSIDE, ROLES

Row = dict[str, str]


def row(answers: dict[str, str], **but: str) -> Row:
    """Keywords name a role with _ for a blank; elsewhere is the moderator of another room."""
    names = {"elsewhere": "moderator elsewhere 2fa", "closed": "closed account"}
    special = {names.get(name, name.replace("_", " ")): word for name, word in but.items()}
    assert set(special) <= set(ROLES), special
    return {**answers, **special}


def everybody(word: str, **but: str) -> Row:
    return row(dict.fromkeys(ROLES, word), **but)


def signed_in(word: str, **but: str) -> Row:
    return row(everybody(word) | dict.fromkeys(NOBODY, "in"), **but)


def members(word: str, **but: str) -> Row:
    """For those outside of the room there is nothing."""
    return row(signed_in(word) | dict.fromkeys(OUTSIDE, "404"), **but)


def desk(word: str, **but: str) -> Row:
    """For whoever moderates this room and gave a second factor; the others learn nothing."""
    own = {"lead": "2fa", "moderator": "2fa", "lead_2fa": word, "moderator_2fa": word}
    return row(signed_in("404"), **{**own, **but})


def with_an_app(word: str) -> Row:
    """Who has an authenticator app too, but did not give the passphrase again just now."""
    return dict.fromkeys(("lead", "lead_2fa", "moderator", "moderator_2fa"), word)


NOTHING = signed_in("404")
MAY_READ = members("200")
MAY_DO = members("done")
# Who is muted here, or suspended everywhere, reads and reports, but writes and reacts no more.
MAY_WRITE = members("done", muted="403", suspended="403")
MAY_WRITE_IN_ANOTHER = members("done", suspended="403")
NOBODY_WRITES = members("403")
SAYS_SO_TO_THE_LIMITED = members("404", muted="403", suspended="403")
ONLY_LOOKED_AT = {"*": signed_in("405")}
ONLY_SENT_TO = {"*": signed_in("405")}
OPEN_TO_ALL = {"GET": {"-": everybody("200")}, "POST": {"*": everybody("405")}}
IN_A_ROOM = {
    "GET": {"open": MAY_READ, "closed": MAY_READ, "private": MAY_READ, "missing": NOTHING},
    "POST": ONLY_LOOKED_AT,
}
GONE_OR_NEVER_OUT = ("other held", "other blocked", "other asked about", "of another room",
                     "missing")  # fmt: skip
TAKEN_AWAY = ("other removed", "other taken back")


def states(row: Row, *names: str) -> dict[str, Row]:
    return dict.fromkeys(names, row)


EXPECTED: dict[str, dict[str, dict[str, Row]]] = {
    # --- open pages ---
    "home": OPEN_TO_ALL,
    "quick_exit": {
        "GET": {"-": everybody("200")},
        "POST": {"-": everybody("done", stranger="away", closed="away")},
    },
    "healthz": OPEN_TO_ALL,
    # A test client starts no hub.
    "readyz": {"GET": {"-": everybody("503")}, "POST": {"*": everybody("405")}},
    "metrics": OPEN_TO_ALL,  # from this machine
    "care:help": OPEN_TO_ALL,
    "care:choose_country": {
        "GET": {"*": everybody("405")},
        "POST": {"-": everybody("done", stranger="away", closed="away")},
    },
    "care:report_line": {"GET": {"*": everybody("405")}, "POST": {"-": everybody("done")}},
    # --- one's account ---
    "accounts:sign_up": {
        "GET": {"-": everybody("away", stranger="200", closed="200")},
        "POST": {"-": everybody("away", stranger="done", closed="done")},
    },
    "accounts:settings": {"GET": {"-": signed_in("200")}, "POST": ONLY_LOOKED_AT},
    "accounts:recovery_key": {"GET": {"-": signed_in("away")}, "POST": {"-": signed_in("away")}},
    "accounts:recovery_key_file": {"GET": {"-": NOTHING}, "POST": ONLY_LOOKED_AT},
    "accounts:new_recovery_key": {"GET": ONLY_SENT_TO, "POST": {"-": signed_in("done")}},
    "accounts:recover": {"GET": {"-": everybody("200")}, "POST": {"-": everybody("422")}},
    "accounts:passphrase": {"GET": ONLY_SENT_TO, "POST": {"-": signed_in("done")}},
    "accounts:end_session": {"GET": ONLY_SENT_TO, "POST": {"-": signed_in("done")}},
    "accounts:unmute": {"GET": ONLY_SENT_TO, "POST": {"-": signed_in("done")}},
    "account_login": {
        "GET": {"-": everybody("away", stranger="200", closed="200")},
        "POST": {"-": everybody("away")},
    },
    "account_logout": {
        "GET": {"-": everybody("200", stranger="away", closed="away")},
        "POST": {"-": everybody("away")},
    },
    "account_inactive": OPEN_TO_ALL,
    "account_reauthenticate": {"GET": {"-": signed_in("200")}, "POST": {"-": signed_in("away")}},
    # --- the second factor: the moderator elsewhere has all of it, the others nothing yet ---
    "mfa_index": {"GET": {"-": signed_in("200")}, "POST": ONLY_LOOKED_AT},
    "mfa_authenticate": {
        "GET": {"-": everybody("away", stranger="in", closed="in")},
        "POST": {"-": everybody("away", stranger="in", closed="in")},
    },
    "mfa_reauthenticate": {
        "GET": {"-": signed_in("again", elsewhere="200", **with_an_app("200"))},
        "POST": {"-": signed_in("again", elsewhere="200", **with_an_app("200"))},
    },
    "mfa_activate_totp": {
        "GET": {"-": signed_in("again", elsewhere="2fa")},
        "POST": {"-": signed_in("again", elsewhere="2fa")},
    },
    "mfa_deactivate_totp": {
        "GET": {"-": signed_in("404", elsewhere="200", **with_an_app("again"))},
        "POST": {"-": signed_in("404", elsewhere="done", **with_an_app("again"))},
    },
    "mfa_view_recovery_codes": {
        "GET": {"-": signed_in("404", elsewhere="200")},
        "POST": ONLY_LOOKED_AT,
    },
    "mfa_generate_recovery_codes": {
        "GET": {"-": signed_in("again", elsewhere="200")},
        "POST": {"-": signed_in("again", elsewhere="done")},
    },
    "mfa_download_recovery_codes": {
        "GET": {"-": signed_in("404", elsewhere="200")},
        "POST": {"-": signed_in("404", elsewhere="405")},
    },
    # --- rooms ---
    "rooms:catalogue": OPEN_TO_ALL,
    "rooms:charter": {
        "GET": {
            **states(everybody("200"), "open", "closed"),
            "private": everybody("404") | dict.fromkeys(MEMBERS, "200"),
            "missing": everybody("404"),
        },
        "POST": {"*": everybody("405")},
    },
    "rooms:join": {
        "GET": {
            "open": signed_in("200", asked="away") | dict.fromkeys(MEMBERS, "away"),
            "closed": signed_in("200") | dict.fromkeys(MEMBERS, "away"),
            **states(NOTHING, "private", "missing"),
        },
        "POST": {
            "open": signed_in("done", asked="away") | dict.fromkeys(MEMBERS, "away"),
            "closed": signed_in("403") | dict.fromkeys(MEMBERS, "away"),
            **states(NOTHING, "private", "missing"),
        },
    },
    "rooms:leave": {
        "GET": ONLY_SENT_TO,
        "POST": {**states(MAY_DO, "open", "closed", "private"), "missing": NOTHING},
    },
    "rooms:answer_request": {
        "GET": ONLY_SENT_TO,
        "POST": {
            "asked here": members(
                "404", facilitator="done", moderator="done", moderator_2fa="done"
            ),
            **states(NOTHING, "asked in another room", "of a member", "missing"),
        },
    },
    # --- in a room ---
    "chat:room": IN_A_ROOM,
    "chat:events": IN_A_ROOM,
    "chat:history": IN_A_ROOM,
    "chat:shares": IN_A_ROOM,
    "chat:read": {  # moves the reader's own marker, and that counts as no change
        "GET": ONLY_SENT_TO,
        "POST": {**states(members("away"), "open", "closed", "private"), "missing": NOTHING},
    },
    "chat:send": {
        "GET": ONLY_SENT_TO,
        "POST": {
            "open": MAY_WRITE,
            "closed": NOBODY_WRITES,
            "private": MAY_WRITE_IN_ANOTHER,
            "missing": NOTHING,
        },
    },
    "chat:new_share": {
        "GET": IN_A_ROOM["GET"],
        "POST": {
            "open": MAY_WRITE,
            "closed": NOBODY_WRITES,
            "private": MAY_WRITE_IN_ANOTHER,
            "missing": NOTHING,
        },
    },
    "chat:share": {
        "GET": {
            **states(MAY_READ, "other", "removed", "in the closed room"),
            **states(NOTHING, "held", "of another room", "missing"),
        },
        "POST": ONLY_LOOKED_AT,
    },
    # --- one message ---
    "chat:message": {
        "GET": {
            **states(
                MAY_READ,
                "own",
                "own held",
                "other",
                *TAKEN_AWAY,
                "in the closed room",
                "in the private room",
            ),
            **states(NOTHING, *GONE_OR_NEVER_OUT),
        },
        "POST": ONLY_LOOKED_AT,
    },
    "chat:edit": {
        "GET": ONLY_SENT_TO,
        "POST": {
            "own": MAY_WRITE,
            **states(SAYS_SO_TO_THE_LIMITED, "own held", "other", *TAKEN_AWAY),
            "in the closed room": NOBODY_WRITES,
            "in the private room": members("404", suspended="403"),
            **states(NOTHING, *GONE_OR_NEVER_OUT),
        },
    },
    "chat:delete": {
        "GET": ONLY_SENT_TO,
        "POST": {
            **states(MAY_DO, "own", "own held"),
            **states(
                NOTHING,
                "other",
                *TAKEN_AWAY,
                "in the closed room",
                "in the private room",
                *GONE_OR_NEVER_OUT,
            ),
        },
    },
    "chat:report": {
        "GET": ONLY_SENT_TO,
        "POST": {
            "own": members("422"),  # one asks for its removal instead
            # What somebody took back can be reported for a while by those who may have read it.
            **states(
                MAY_DO, "other", "other taken back", "in the closed room", "in the private room"
            ),
            **states(NOTHING, "own held", "other removed", *GONE_OR_NEVER_OUT),
        },
    },
    "chat:react": {
        "GET": ONLY_SENT_TO,
        "POST": {
            **states(MAY_WRITE, "own", "other"),
            "in the closed room": NOBODY_WRITES,
            "in the private room": MAY_WRITE_IN_ANOTHER,
            **states(SAYS_SO_TO_THE_LIMITED, "own held", *TAKEN_AWAY, *GONE_OR_NEVER_OUT),
        },
    },
    "chat:mute": {
        "GET": ONLY_SENT_TO,
        "POST": {
            **states(members("422"), "own", "own held"),
            **states(MAY_DO, "other", *TAKEN_AWAY, "in the closed room", "in the private room"),
            **states(NOTHING, *GONE_OR_NEVER_OUT),
        },
    },
    # --- notices ---
    "chat:notices": {"GET": {"-": signed_in("200")}, "POST": ONLY_LOOKED_AT},
    "chat:appeal": {
        "GET": ONLY_SENT_TO,
        "POST": {
            "own": members("done", left="done"),  # what was decided can be answered afterwards too
            **states(NOTHING, "other", "missing"),
        },
    },
    # --- the desk ---
    "desk:queue": {
        "GET": {"-": desk("200", elsewhere="200")},
        "POST": {"*": everybody("405")},
    },
    "desk:case": {
        "GET": {
            **states(desk("200"), "open", "decided"),
            "about oneself": desk("403"),
            "of another room": desk("404", elsewhere="200", lead_2fa="200"),
            "missing": desk("404"),
        },
        "POST": {
            "open": desk("done"),
            "decided": desk("409"),
            "about oneself": desk("403"),
            "of another room": desk("404", elsewhere="done", lead_2fa="done"),
            "missing": desk("404"),
        },
    },
    "desk:claim": {
        "GET": {"*": everybody("405")},
        "POST": {
            "open": desk("done"),
            "decided": desk("409"),
            "about oneself": desk("403"),
            "of another room": desk("404", elsewhere="done", lead_2fa="done"),
            "missing": desk("404"),
        },
    },
}
