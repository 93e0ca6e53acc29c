from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "forum.chat"
    label = "chat"

    def ready(self) -> None:
        # Late: models can't be imported before the apps are ready.
        from forum.chat.content_port import RoomContent
        from moderation import ports

        ports.register(RoomContent())
