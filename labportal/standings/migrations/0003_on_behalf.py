from django.db import migrations, models


def make_anew(apps, schema_editor):
    """The follower finds out of whom it is so."""
    apps.get_model("standings", "Standing").objects.update(touched=True)


class Migration(migrations.Migration):

    dependencies = [
        ('standings', '0002_signs_of_life'),
    ]

    operations = [
        migrations.AddField(
            model_name='taskstanding',
            name='on_behalf',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(make_anew, migrations.RunPython.noop),
    ]
