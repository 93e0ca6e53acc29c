from django.db import migrations


def place(apps, schema_editor):
    """Blocks of before say neither the room nor the blocker's name in it.

    Each goes to the first room that both are in. To hide the blocker's names in all of them would
    go on telling the blocked person which names are one.
    """
    HandleMute = apps.get_model("accounts", "HandleMute")
    Membership = apps.get_model("rooms", "Membership")
    for row in HandleMute.objects.filter(is_block=True, by_handle__isnull=True):
        shared = Membership.objects.filter(
            account_id=row.account_id, room__memberships__handle_id=row.handle_id
        )
        if first := shared.order_by("pk").first():
            row.by_handle_id, row.room_id = first.handle_id, first.room_id
            row.save(update_fields=["by_handle", "room_id"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_block_by_handle"),
        ("rooms", "0001_initial"),
    ]

    operations = [migrations.RunPython(place, migrations.RunPython.noop)]
