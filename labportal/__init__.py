"""The Django project: people, connections, pages, attempts, and the gateway to Azure."""

from labportal.celery import app as celery_app

__all__ = ["celery_app"]
