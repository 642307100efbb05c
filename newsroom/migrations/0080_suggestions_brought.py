"""What programs elsewhere proposed waits like what is proposed here: each has a row of a suggestion."""

from django.db import migrations


def give_rows(apps, _schema_editor):
    annotations = apps.get_model("newsroom", "Annotation").objects.filter(state="suggested", suggestion=None)
    suggestions = apps.get_model("newsroom", "Suggestion").objects
    rows = (suggestions.model(annotation_id=key) for key in annotations.values_list("pk", flat=True))
    suggestions.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0079_suggestions")]

    operations = [migrations.RunPython(give_rows, migrations.RunPython.noop)]
