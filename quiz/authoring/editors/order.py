"""The form of items to be put into order."""

from django.utils.translation import gettext_lazy as _

from .choice import ChoiceForm


class OrderForm(ChoiceForm):
    """Six rows for items, written in the right order."""

    kind = "order"
    title = _("Order")
    template = "authoring/kinds/order.html"
    preview = "authoring/preview/order.html"
    has_ticks = False
