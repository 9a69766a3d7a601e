"""Beside each name stands what it is found by; here for the rows that there are."""

from django.db import migrations

from labportal.classes.finding import Folded, folded

AT_ONCE = 1_000


def fold(apps, schema_editor):
    for model in ("Membership", "Invitation"):
        rows = apps.get_model("classes", model).objects
        last = 0
        while some := list(rows.filter(pk__gt=last).order_by("pk").only("name")[:AT_ONCE]):
            for one in some:
                one.folded = folded(one.name)
            rows.bulk_update(some, ["folded"], batch_size=100)
            last = some[-1].pk


class Migration(migrations.Migration):

    dependencies = [("classes", "0003_invited_again")]

    operations = [
        migrations.AddField("invitation", "folded", Folded(of="name")),
        migrations.AddField("membership", "folded", Folded(of="name")),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
