# One image for web and worker. Runs as nobody in particular, on a read-only root.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY manage.py pyproject.toml ./
COPY forum forum
COPY moderation moderation
COPY templates templates
# The keys of the demo are made and thrown away here: collecting files needs settings, not secrets.
RUN DATA_DIR=/build HANDRAIL_ENV=demo python manage.py collectstatic --noinput -v 0 \
    && mkdir -p /data && mv /build/static /app/static && rm -rf /build \
    && useradd --system --uid 10001 handrail && chown handrail /data
ENV HANDRAIL_ENV=production DATA_DIR=/data STATIC_DIR=/app/static
USER handrail
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=4s --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--port", "8000"]
