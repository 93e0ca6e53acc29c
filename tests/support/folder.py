"""A folder of our own for keys, static files and the database of a test run.

Loaded by pytest before Django reads its settings (see addopts), so that no test run touches the
product's own data, and parallel ones don't touch each other's.
"""

import os
import tempfile

os.environ.update(
    DATA_DIR=tempfile.mkdtemp(prefix="handrail-tests-"),
    HANDRAIL_ENV="demo",
    ORIGINS="http://testserver",
)
for _name in ("DATABASE_URL", "REDIS_URL", "PORT"):
    os.environ.pop(_name, None)
