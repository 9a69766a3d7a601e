import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def close_the_doors(apps, schema_editor):
    apps.get_model("classes", "LabClass").objects.filter(joining=False).update(door="closed")


def open_them_again(apps, schema_editor):
    """Those that are open: where nobody can be asked any more, nobody comes in unasked."""
    apps.get_model("classes", "LabClass").objects.exclude(door="open").update(joining=False)


class Migration(migrations.Migration):

    dependencies = [
        ('classes', '0004_found_by_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='labclass',
            name='door',
            field=models.CharField(choices=[('open', 'Comes in as a student'), ('ask', 'Waits until an instructor lets them in'), ('closed', 'Does not come in')], default='open', max_length=16),
        ),
        migrations.RunPython(close_the_doors, open_them_again),
        migrations.RemoveField(
            model_name='labclass',
            name='joining',
        ),
        migrations.CreateModel(
            name='Knock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('turned_away_at', models.DateTimeField(blank=True, null=True)),
                ('lab_class', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='knocks', to='classes.labclass')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='knocks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['lab_class', 'turned_away_at'], name='classes_who_waits')],
                'constraints': [models.UniqueConstraint(fields=('lab_class', 'user'), name='classes_one_knock')],
            },
        ),
    ]
