"""Role and owner of a person become grants, of which somebody may hold several."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GRANTED = [
    "administrator", "officer", "clerk", "field", "commission", "operator", "investigator", "partner", "auditor",
]  # fmt: skip
BOUND = ["clerk", "partner"]


def grant_roles(apps, schema_editor):
    people, grants = apps.get_model("accounts", "Person").objects, apps.get_model("accounts", "Grant")
    grants.objects.bulk_create(
        grants(
            person=person,
            role=person.role,
            # An owner was looked at for clerks alone; whom it was noted of besides loses no right by it.
            owner_code=person.owner_code if person.role in BOUND else "",
            granted_at=person.date_joined,
            granted_by="console:oblik",
        )
        for person in people.exclude(role="nobody")
    )


def name_roles(apps, schema_editor):
    """The other way round as far as one role can tell: the grant made last."""
    people, grants = apps.get_model("accounts", "Person").objects, apps.get_model("accounts", "Grant")
    known = ["administrator", "officer", "clerk", "auditor"]
    for grant in grants.objects.filter(withdrawn_at__isnull=True, role__in=known).order_by("id"):
        people.filter(pk=grant.person_id).update(role=grant.role, owner_code=grant.owner_code)
    grants.objects.all().delete()


def text(length):
    return models.CharField(max_length=length, blank=True, default="")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=20)),
                ("owner_code", text(40)),
                ("district", text(120)),
                ("kind", text(12)),
                ("purpose", text(200)),
                ("campaign_code", text(40)),
                ("granted_at", models.DateTimeField()),
                ("granted_by", models.CharField(max_length=160)),
                ("until_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", text(160)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(role__in=GRANTED), name="grant_role_known"),
                    models.CheckConstraint(
                        condition=~models.Q(role__in=BOUND) | ~models.Q(owner_code=""), name="grant_bound_has_owner"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(until_at__isnull=True) | models.Q(until_at__gt=models.F("granted_at")),
                        name="grant_until_later",
                    ),
                    models.UniqueConstraint(
                        fields=["person", "role", "owner_code", "district", "kind", "purpose", "campaign_code"],
                        condition=models.Q(withdrawn_at__isnull=True),
                        name="grant_once",
                    ),
                ],
            },
        ),
        migrations.RunPython(grant_roles, name_roles),
        migrations.RemoveConstraint(model_name="person", name="person_role_known"),
        migrations.RemoveConstraint(model_name="person", name="person_clerk_has_owner"),
        migrations.RemoveField(model_name="person", name="owner_code"),
        migrations.RemoveField(model_name="person", name="role"),
        migrations.AlterModelOptions(name="person", options={"verbose_name": "user", "verbose_name_plural": "users"}),
    ]
