"""Let PostgreSQL refuse every change of the audit trail; SQLite has nobody to tell apart."""

from django.db import migrations

GUARD = """
CREATE FUNCTION portal_guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'units_auditentry'
       AND current_setting('portal.audit_purge', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit trail is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER portal_guard_audit BEFORE UPDATE OR DELETE ON units_auditentry
    FOR EACH ROW EXECUTE FUNCTION portal_guard_audit();
CREATE TRIGGER portal_guard_audit BEFORE UPDATE OR DELETE ON units_auditseal
    FOR EACH ROW EXECUTE FUNCTION portal_guard_audit();
"""
UNGUARD = """
DROP TRIGGER portal_guard_audit ON units_auditentry;
DROP TRIGGER portal_guard_audit ON units_auditseal;
DROP FUNCTION portal_guard_audit();
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARD, params=None)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNGUARD, params=None)


class Migration(migrations.Migration):
    dependencies = [("units", "0009_trail_channel_and_alerts")]

    operations = [migrations.RunPython(guard, unguard)]
