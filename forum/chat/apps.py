from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "forum.chat"
    label = "chat"

    def ready(self) -> None:
        # Late: models can't be imported before the apps are ready.
        from forum.accounts import revocation, shell
        from forum.chat import announcing, notices
        from forum.chat.content_port import RoomContent
        from forum.rooms import catalogue
        from moderation import ports

        ports.register(RoomContent())
        revocation.on_change(announcing.access_changed)
        shell.use(unseen_notices=notices.unseen, moderates=catalogue.moderates_any)
