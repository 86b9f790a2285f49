"""Strings of libraries that come without Chinese or with a misleading one, for our catalogue to fill in.

django-import-export leaves these out of its own catalogue; django-filter's Chinese is named zh_CN,
which Django does not load for zh-hans.
"""

from django.utils.translation import gettext_noop

IMPORT_EXPORT = (
    gettext_noop(
        "%(exc_name)s encountered while trying to read file. "
        "Ensure you have chosen the correct format for the file."
    ),
    gettext_noop("No valid data to import. Ensure your file has the correct headers or data for import."),
    gettext_noop("export failed due to IllegalCharacterError"),
    gettext_noop("Resource"),
    gettext_noop("You must select an export format."),
    gettext_noop("Form is not validated, call `is_valid` first"),
    gettext_noop('Select at least 1 field for "%(resource_name)s" to export'),
    gettext_noop(
        "The following fields are declared in 'import_id_fields' "
        "but are not present in the resource fields: %s"
    ),
    gettext_noop(
        "The following fields are declared in 'import_id_fields' but are not present in the file headers: %s"
    ),
    gettext_noop("call to force_str() on instance failed: %s"),
    gettext_noop("Home"),
    gettext_noop("Export %(len)s selected item."),
    gettext_noop("Select all"),
    gettext_noop("Value could not be parsed."),
    gettext_noop("use_natural_foreign_keys and key_is_id cannot both be True"),
)
# allauth's Chinese says “error code” and has another word for the app than the page.
FACTORS = (gettext_noop("Incorrect code."), gettext_noop("Authenticator code"))
FILTERS = (
    gettext_noop("Range"),
    gettext_noop("Multiple values may be separated by commas."),
    gettext_noop("%(label)s is invalid. Multiple values may be separated by commas."),
    gettext_noop("Any date"),
    gettext_noop("Today"),
    gettext_noop("Yesterday"),
    gettext_noop("Past 7 days"),
    gettext_noop("This month"),
    gettext_noop("This year"),
    gettext_noop("Unknown"),
    gettext_noop("Yes"),
    gettext_noop("No"),
    gettext_noop("Ordering"),
    gettext_noop("descending"),
    gettext_noop("exclude"),
    gettext_noop("Submit"),
)
