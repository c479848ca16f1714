"""The WSGI application that a server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oblik.config.settings")
application = get_wsgi_application()

from oblik.web.desk.warming import begin_warming  # noqa: E402  # Django has to be set up first

begin_warming()
