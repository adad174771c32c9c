"""Where the REST of the economy is."""

from __future__ import annotations

from django.urls import path

from apps.economy import views

urlpatterns = [
    path("characters/<int:character>/inventory", views.inventory),
    path("characters/<int:character>/equipment", views.equipment),
    path("characters/<int:character>/bank", views.bank),
    path("characters/<int:character>/crafting", views.crafting),
    path("characters/<int:character>/trade", views.trade),
    path("characters/<int:character>/movements", views.movement_list),
    path("characters/<int:character>/mail", views.letters),
    path("characters/<int:character>/orders", views.orders),
    path("characters/<int:character>/auctions", views.auction_list),
    path("characters/<int:character>/dice", views.dice),
    path("characters/<int:character>/dice/<int:pair>", views.dice_export),
    path("items/<uuid:instance>/history", views.item_history),
    path("market/books", views.books),
    path("market/books/<slug:item>", views.book),
    path("market/books/<slug:item>/candles", views.candles),
]
