# Who was asked for comment was asked as the one whom the claim accused then.

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def whom_it_accuses(apps, schema_editor):
    """As far as is known: whom the claim accuses today."""
    requests = apps.get_model("newsroom", "RequestForComment").objects.using(schema_editor.connection.alias)
    claims = apps.get_model("newsroom", "Claim").objects.filter(pk=OuterRef("claim"))
    requests.update(whom=Subquery(claims.values("accused")[:1]))


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0069_named_elsewhere")]

    operations = [
        migrations.AddField(
            model_name="requestforcomment",
            name="whom",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                max_length=300,
                verbose_name="whom the claim accused then",
            ),
        ),
        migrations.RunPython(whom_it_accuses, migrations.RunPython.noop),
    ]
