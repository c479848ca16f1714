from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0007_lists_on_the_desk"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="judgement",
            index=models.Index(
                condition=models.Q(("verdict", "unsure"), ("withdrawn_at__isnull", True)),
                fields=["record"],
                name="judgement_asked",
            ),
        ),
        migrations.AddIndex(
            model_name="judgement",
            index=models.Index(condition=models.Q(("by_kind", "human")), fields=["made_at"], name="judgement_human"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("decision", "review")), fields=["submission"], name="record_waiting"
            ),
        ),
    ]
