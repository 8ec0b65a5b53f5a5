"""A field of a form: label, help, errors and widget, without a template for each."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import engines
from django.utils.html import escape
from django.utils.safestring import SafeString

from portal.kit.filters import CodesField
from portal.kit.web.fields import field_html, fields_html


class _Form(forms.Form):
    name = forms.CharField(label="Name & title", help_text="As in <print>", max_length=9)
    day = forms.DateField(required=False)
    ticked = forms.BooleanField(required=False, label="Told")
    kinds = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple, help_text="Any"
    )


def test_a_field_has_its_label_help_and_errors_escaped() -> None:
    html = field_html(_Form({"name": "<b> too long"})["name"])
    assert '<label for="id_name">Name &amp; title</label>' in html
    assert '<p class="help" id="id_name_helptext">As in &lt;print&gt;</p>' in html
    assert '<ul class="errors" id="id_name_error">' in html
    assert 'value="&lt;b&gt; too long"' in html


def test_what_need_not_be_filled_in_says_so_but_for_a_box_to_tick() -> None:
    form = _Form()
    assert "(optional)" in field_html(form["day"], marks_optional=True)
    assert "(optional)" not in field_html(form["day"])
    assert "(optional)" not in field_html(form["name"], marks_optional=True)
    ticked = field_html(form["ticked"], marks_optional=True)
    assert ticked.startswith('<div class="field tick">')
    assert "(optional)" not in ticked


def test_several_boxes_are_a_set_that_its_help_describes() -> None:
    html = field_html(_Form()["kinds"])
    assert html.startswith('<fieldset class="field" aria-describedby="id_kinds_helptext">')
    assert "<legend>Kinds</legend>" in html


@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput({"placeholder": 'Say "so"', "hidden": True, "disabled": False}),
        forms.NumberInput({"step": "any", "min": 0}),
        forms.EmailInput(),
        forms.PasswordInput(render_value=True),
        forms.DateInput(),
        forms.HiddenInput(),
    ],
)
@pytest.mark.parametrize("value", ["", None, "1 & 2"])
def test_an_input_is_drawn_as_django_draws_it(widget: forms.Widget, value: str | None) -> None:
    attributes = {"id": "id_x"}
    drawn = widget.render("x", value, attributes)
    assert drawn == widget.render("x", value, attributes, renderer=DjangoTemplates())


def test_templates_draw_a_field_by_a_tag() -> None:
    template = engines["django"].from_string("{% form_field field marks_optional=True %}")
    html = template.render({"field": _Form()["day"]})
    assert html == field_html(_Form()["day"], marks_optional=True)
    assert escape("(optional)") in html


def test_of_fields_drawn_before_those_are_taken_that_were_not_sent_and_have_no_errors() -> None:
    class Asked(forms.Form):
        q = forms.CharField(required=False)
        year = forms.IntegerField(required=False)
        must = forms.CharField()

    form = Asked({"year": "2020"})
    drawn = fields_html(form, {name: SafeString(f"kept {name}") for name in form.fields})
    assert drawn == ["kept q", field_html(form["year"]), field_html(form["must"])]
    assert fields_html(form) == [field_html(field) for field in form]


@pytest.mark.parametrize("asked", ["USD,EUR", "eur,usd", "EUR, USD,,EUR"])
def test_several_codes_mean_the_same_in_whatever_order_they_are_written(asked):
    field = CodesField(among=lambda codes: {code.upper() for code in codes}, several=True)
    assert field.clean(asked) == "EUR,USD"
