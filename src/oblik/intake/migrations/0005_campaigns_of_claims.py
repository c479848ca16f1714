"""Claims made before they named their campaign learn it from the list that they came out of."""

from django.db import migrations

_BATCH = 2_000


def name_campaigns(apps, schema_editor):
    claims = apps.get_model("registry", "Claim").objects
    campaigns = dict(apps.get_model("intake", "Submission").objects.values_list("id", "campaign_code"))
    records = apps.get_model("intake", "Record").objects.values_list("id", "submission_id").order_by("id")
    told: dict[str, list[str]] = {}
    for record, submission in records.filter(camera__isnull=False).iterator(chunk_size=20_000):
        refs = told.setdefault(campaigns[submission], [])
        refs.append(f"record:{record}")
        if len(refs) >= _BATCH:
            claims.filter(source_ref__in=refs).update(campaign_code=campaigns[submission])
            refs.clear()
    for campaign, refs in told.items():
        claims.filter(source_ref__in=refs).update(campaign_code=campaign)


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_leaner_indexes"), ("registry", "0003_what_rights_end_at")]

    operations = [migrations.RunPython(name_campaigns, migrations.RunPython.noop)]
