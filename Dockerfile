# One image with the service and the shipped corpus. The index is a volume; the corpus can be one:
#   docker build -t practice-finder .
#   docker run -p 127.0.0.1:8000:8000 -e PRACTICE_FINDER_TRUSTED_HOSTS=localhost practice-finder
FROM python:3.13-slim
RUN useradd --system --home-dir /srv/practice-finder finder
WORKDIR /srv/practice-finder
COPY requirements/serve.txt ./requirements/
RUN python -m pip install --no-cache-dir --only-binary :all: --require-hashes --requirement requirements/serve.txt
COPY pyproject.toml README.md LICENSE ./
COPY search_service ./search_service
RUN python -m pip install --no-cache-dir --no-deps --no-build-isolation --editable .
COPY corpus ./corpus
RUN install -d -o finder -m 700 index
USER finder
ENV PRACTICE_FINDER_LOG_FORMAT=json PRACTICE_FINDER_HOST=0.0.0.0
VOLUME ["/srv/practice-finder/index"]
EXPOSE 8000
# Where localhost is no trusted name the answer is 400, which shows as well that the process lives.
HEALTHCHECK --start-period=5m CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=3); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status >= 500)"]
CMD ["sh", "-c", "practice-finder build; exec gunicorn -c python:search_service.web.serve.gunicorn --bind 0.0.0.0:8000"]
