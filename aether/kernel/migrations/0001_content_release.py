"""The releases of content."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ContentRelease",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("release", models.CharField(max_length=64)),
                ("compiled", models.BinaryField()),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ["-recorded_at"]},
        ),
    ]
