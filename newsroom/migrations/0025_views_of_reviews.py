from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '0020_workflow'),
    ]

    operations = [
        migrations.AddField(
            model_name='savedview',
            name='of',
            field=models.CharField(choices=[('articles', 'articles'), ('reviews', 'reviews')], default='articles', max_length=8, verbose_name='list'),
        ),
        migrations.RemoveConstraint(
            model_name='savedview',
            name='saved_view_once_per_name',
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('user', 'of', 'name'), name='saved_view_once_per_name'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.CheckConstraint(condition=models.Q(('of__in', ['articles', 'reviews'])), name='saved_view_of_known'),
        ),
    ]
