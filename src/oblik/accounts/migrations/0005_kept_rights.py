"""What the sender of a kept answer might do when it was given: who has lost it is not given the answer again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="keptanswer",
            name="rights",
            field=models.CharField(default="", max_length=64),
        ),
    ]
