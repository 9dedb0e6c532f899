"""The blueprint that every page is added to."""

from flask import Blueprint

blueprint = Blueprint("pages", __name__)
