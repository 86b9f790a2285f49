"""Store the reasons that can be chosen from the first day: for zero reports and for returns."""

from django.db import migrations

REASONS = {
    "zero": [
        "考试周，未安排活动。",
        "放假，未安排活动。",
        "承担考务、招考任务，活动顺延。",
        "本周无新增活动。",
    ],
    "return": [
        "进展过于笼统，请写明做法和成效。",
        "文字与活动记录的数字不符，请核对。",
        "缺少下周计划，请补充。",
        "问题没有写清楚，请补充原因和措施。",
        "本周有活动而报零报告，请补报活动记录。",
        "含有个人信息，请删去后再报。",
    ],
}


def add(apps, schema_editor):
    reason = apps.get_model("weekly", "ReadyReason")
    for purpose, texts in REASONS.items():
        for position, text in enumerate(texts):
            reason.objects.get_or_create(purpose=purpose, text=text, defaults={"position": position})


class Migration(migrations.Migration):
    dependencies = [("weekly", "0005_reviews_and_requests")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
