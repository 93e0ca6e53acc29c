"""What the desk tells a moderator when something can't be done."""


class DeskRefused(Exception):
    """A stable code and a sentence that says what to do."""

    def __init__(self, code: str, detail: str, *, status: int = 409) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status
