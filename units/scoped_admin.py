"""The furniture that every admin page shares: scope on each query, verbs for each change, no deletion."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AdminTextInputWidget,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.forms import BaseInlineFormSet, Field, ModelForm
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _

from units import registry, scope
from units.models import Account, AuditEntry, Unit
from units.paging import CappedPaginator
from units.rules import RuleError
from units.searching import RowSearch, RowsSearch, is_key
from units.text_fields import LineText, LongText

if TYPE_CHECKING:
    Furniture = admin.ModelAdmin[Any]
    Inline = admin.TabularInline[Any, Any]
else:
    Furniture = admin.ModelAdmin
    Inline = admin.TabularInline

HISTORY_LENGTH = 200
# How the filters of the admin write a choice behind the name of their column.
FILTERED_BY = ("", "__exact", "__id__exact", "__isnull", "__gte", "__lt", "__year", "__month", "__day")
# Texts of every form pass through `texts`; what Django has a field of its own for checks itself.
TEXT_FIELDS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.CharField: {"form_class": LineText, "widget": AdminTextInputWidget},
    models.TextField: {"form_class": LongText, "widget": AdminTextareaWidget},
    models.SlugField: {"widget": AdminTextInputWidget},
}


def actor_of(request: HttpRequest) -> Account:
    """Return the person who asks; the admin site has let nobody in without an account."""
    if not isinstance(request.user, Account):
        raise PermissionDenied
    return request.user


def reach_of(request: HttpRequest, *permissions: str) -> scope.Reach:
    """Return how far the person reaches, asked once for a page; verbs ask again for themselves."""
    known: dict[tuple[str, ...], scope.Reach] = request.__dict__.setdefault("_reaches", {})
    if permissions not in known:
        known[permissions] = scope.reach(actor_of(request), *permissions)
    return known[permissions]


class ScopedModelAdmin(Furniture):
    """A model's admin that shows what is in reach and changes it through verbs alone.

    A foreign row and a missing one are the same 404. Rows that another model's form offers come from
    that model's own admin, so that no form and no autocomplete reaches further than its list.
    """

    formfield_overrides = TEXT_FIELDS
    view_on_site = False
    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 200
    # What the history page may name; off where the trail tells more than the page does.
    has_history = True

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        """Return those of `rows` that the person may see; everything, unless a model says otherwise."""
        return rows

    def unit_of(self, row: Any) -> Unit | None:
        """Return the unit that the audit trail files this row under."""
        return None

    def enter(self, row: Any, request: HttpRequest) -> None:
        """Store a new row through its verb."""
        registry.enter(row, actor=actor_of(request), unit=self.unit_of(row))

    def amend(self, row: Any, fields: Iterable[str], request: HttpRequest) -> None:
        """Store the changed fields of a row through its verb."""
        registry.amend(row, fields, actor=actor_of(request), unit=self.unit_of(row))

    def get_urls(self) -> list[URLPattern]:
        """Return the pages without the one of Django 1.9, which has no name and leads on to another."""
        return [url for url in super().get_urls() if url.name]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return self.scoped(super().get_queryset(request), request)

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> models.QuerySet[Any] | None:
        """Offer those rows of a related model that its own admin lists."""
        rows = listed_rows(self.admin_site, db_field, request)
        return super().get_field_queryset(db, db_field, request) if rows is None else rows

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field | None:
        return without_popups(
            super().formfield_for_dbfield(db_field, request, **searched(self, db_field), **kwargs)
        )

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow what the filters on the page ask and nothing else; any other lookup would be an oracle.

        Nor what begins like a filter and goes on to other tables: `kind__units__accounts__password`.
        """
        allowed = {self.date_hierarchy} if self.date_hierarchy else set()
        for one in self.get_list_filter(request):
            name = one[0] if isinstance(one, list | tuple) else getattr(one, "parameter_name", one)
            allowed.add(str(name))
        return lookup in {f"{name}{ending}" for name in allowed for ending in FILTERED_BY}

    def response_action(self, request: HttpRequest, queryset: models.QuerySet[Any], *more: Any) -> Any:
        """Carry an action out on the chosen rows; what is no number of a row is not chosen."""
        data = request.POST.copy()
        chosen = data.getlist(ACTION_CHECKBOX_NAME)
        data.setlist(ACTION_CHECKBOX_NAME, [one for one in chosen if is_key(one)])
        request.POST = data  # type: ignore[assignment]  # the admin itself reads a copy
        return super().response_action(request, queryset, *more)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        if change:
            self.amend(obj, form.changed_data, request)
        else:
            self.enter(obj, request)

    def save_formset(
        self,
        request: HttpRequest,
        form: ModelForm[Any],
        formset: BaseInlineFormSet[Any, Any, Any],
        change: bool,
    ) -> None:
        """Enter the new rows of an inline table and amend the changed ones."""
        formset.save(commit=False)
        for row in formset.new_objects:
            registry.enter(row, actor=actor_of(request))
        for row, fields in formset.changed_objects:
            registry.amend(row, fields, actor=actor_of(request))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or take the form; what a verb refuses comes back as a message, with nothing changed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RuleError as error:
            self.message_user(request, str(error.message), messages.ERROR)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().render_change_form(
            request, context | {"has_history": self.has_history}, *args, **kwargs
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what the audit trail says of one row that is in reach, latest deed first."""
        row = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        if row is None or not self.has_history:
            raise Http404
        trail = AuditEntry.objects.filter(object_type=self.opts.label_lower, object_id=str(row.pk))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(object)s") % {"object": row},
            "subtitle": None,
            "entries": trail.order_by("-id")[:HISTORY_LENGTH],
            "object": row,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    # The audit trail stands in for Django's own log, which would show names to people out of reach.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Answer as any missing page does; Django would name the id and redirect."""
        raise Http404


class ReadOnlyModelAdmin(ScopedModelAdmin):
    """A model's admin for looking only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NamedFormSet(BaseInlineFormSet[Any, Any, Any] if TYPE_CHECKING else BaseInlineFormSet):  # type: ignore[misc]
    """The rows of an inline table; the box that takes a row out has a name of its own."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = _("Delete")


class ScopedInline(Inline):
    """A table of rows that belong to another one's form; the same scope, no deletion."""

    formfield_overrides = TEXT_FIELDS
    extra = 0
    formset = NamedFormSet
    show_change_link = False

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> models.QuerySet[Any] | None:
        """Offer those rows of a related model that its own admin lists."""
        rows = listed_rows(self.admin_site, db_field, request)
        return super().get_field_queryset(db, db_field, request) if rows is None else rows

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field | None:
        """Name each field to those who do not see the head of its column."""
        searching = searched(self, db_field)
        field = without_popups(super().formfield_for_dbfield(db_field, request, **searching, **kwargs))
        if field is not None:
            widget = field.widget
            inner = widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget
            inner.attrs["aria-label"] = str(field.label)
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def listed_rows(site: admin.AdminSite, db_field: Any, request: HttpRequest) -> models.QuerySet[Any] | None:
    """Return the rows of a related model that its admin lists for this person; None without an admin."""
    target = db_field.remote_field.model
    if not site.is_registered(target):
        return None
    return site.get_model_admin(target).get_queryset(request)


def searched(owner: Furniture | Inline, db_field: Any) -> dict[str, Any]:
    """Return the search box for a relation that is searched, as what the form field is made with."""
    if db_field.name not in owner.autocomplete_fields:
        return {}
    widget = RowsSearch if db_field.many_to_many else RowSearch
    return {"widget": widget(db_field, owner.admin_site)}


def without_popups(field: Field | None) -> Field | None:
    """Take the buttons off that open a related row in a window of its own."""
    widget = getattr(field, "widget", None)
    if isinstance(widget, RelatedFieldWidgetWrapper):
        for deed in ("add", "change", "delete", "view"):
            setattr(widget, f"can_{deed}_related", False)
    return field
