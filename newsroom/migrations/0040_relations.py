from django.db import migrations, models
from django.db.models.functions import Greatest, Least


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '0035_pages'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='claimrelation',
            constraint=models.UniqueConstraint(Least('source', 'target'), Greatest('source', 'target'), models.F('kind'), condition=models.Q(('kind__in', ['contradicts', 'repeats'])), name='relation_mutual_once'),
        ),
    ]
