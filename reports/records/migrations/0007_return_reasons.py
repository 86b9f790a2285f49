"""Store the reasons for a return that every reviewer can choose from the first day."""

from django.db import migrations

REASONS = [
    "线下人次与签到表或照片不符，请核对。",
    "线上人次请按平台后台数据填写。",
    "标题过于笼统，请写明主题和对象。",
    "同一场活动重复填报，请合并为一条。",
    "场次应按实际举办次数填写。",
    "活动地点或时间没有写清楚，请补充。",
    "正文过于简略，请补充主要内容和成效。",
    "缺少现场照片或佐证材料，请补充。",
    "活动类型选择有误，请改选后再报。",
    "正文含有个人信息，请删去后再报。",
]


def add(apps, schema_editor):
    reason = apps.get_model("records", "ReturnReason")
    for position, text in enumerate(REASONS):
        reason.objects.get_or_create(text=text, defaults={"position": position})


class Migration(migrations.Migration):
    dependencies = [("records", "0006_second_review_and_assignment")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
